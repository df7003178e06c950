// Stand-in for the plugin command 1.2.1, used only where the official one cannot be had (closed network).
import { Provider } from "../core/provider";
import { serveProvider } from "../core/serve";
import { commandTypes } from "./types";

serveProvider(new Provider("command", "1.2.1", commandTypes));
