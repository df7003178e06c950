// The resource types of random that the stand-in has.
import type { ResourceType } from "../core/resourceType";
import { randomId } from "./randomId";
import { randomPassword, randomString } from "./randomText";

export const randomTypes: Readonly<Record<string, ResourceType>> = {
  "random:index/randomId:RandomId": randomId,
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomString:RandomString": randomString,
};
