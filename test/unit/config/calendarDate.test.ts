import { calendarDate } from "../../../config/schema/forms";

it.each(["2027-03-31", "2027-03-31T00:00:00Z", "2027-03-31 00:00:00 +0000 UTC"])(
  "reads %s as a day, with or without quotes in the stack's file",
  (value) => {
    expect(calendarDate.parse(value)).toBe("2027-03-31");
  },
);

it.each(["2027-02-30", "2027-3-1", "31.03.2027", "2027-03-31T12:00:00Z", "soon", ""])(
  "refuses %s",
  (value) => {
    expect(calendarDate.safeParse(value).success).toBe(false);
  },
);
