/*
 * deck.html for presenting: the audience's window, or with ?speaker=… the speaker's. Both are the same file, so that a
 * deck which was sent as one file has both.
 */

import { startAudience } from "./audience.ts";
import { startSpeaker } from "./speaker.ts";

const wrapper = document.querySelector<HTMLElement>("body > .reveal");
const talk = new URLSearchParams(location.search).get("speaker");
if (wrapper && talk !== null) void startSpeaker(wrapper, talk);
else if (wrapper) void startAudience(wrapper);
