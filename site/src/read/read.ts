/*
 * The script of the reading pages: search, keys and swipes, what was read. Everything here is a convenience: pages are
 * text and links, and work without it.
 */

import { offerRuns } from "./inside.ts";
import { listen } from "./keys.ts";
import { showProgress } from "./progress.ts";
import { prepareSearch } from "./search_dialog.ts";
import { settleTabStops } from "./tab_stops.ts";

listen();
prepareSearch();
showProgress();
settleTabStops();
offerRuns();
