/*
 * The deck for presenting: reveal.js lays out one slide at a time on a canvas of 1280 x 720 and scales it to the window.
 */

import Reveal from "reveal.js";

const wrapper = document.querySelector<HTMLElement>(".reveal");
if (wrapper) void new Reveal(wrapper, { width: 1280, height: 720, margin: 0, transition: "none" }).initialize();
