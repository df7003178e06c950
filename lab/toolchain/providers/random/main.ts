// Stand-in for the plugin random 4.21.2, used only where the official one cannot be had (closed network).
import { Provider } from "../core/provider";
import { serveProvider } from "../core/serve";
import { randomTypes } from "./types";

serveProvider(new Provider("random", "4.21.2", randomTypes));
