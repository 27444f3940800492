// The demo's clock: shows it running, moves it.

import { get, post } from "./api.js";
import { button } from "./dom.js";
import { clockTime, day } from "./time.js";

const byId = (id) => document.getElementById(id);

export class ClockBar {
  constructor(settings) {
    this.zone = settings.timezone;
    this.offset = 0;
    byId("now-zone").textContent = this.zone.replace("_", " ");
    byId("moments").append(...settings.moments.map((moment) => this.jump(moment)));
    for (const step of document.querySelectorAll("[data-advance]")) {
      step.addEventListener("click", () => this.move({ advance_seconds: Number(step.dataset.advance) }));
    }
    const toggle = byId("clock-toggle");
    toggle.addEventListener("click", () => {
      const open = byId("clock-panel").classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
    });
    setInterval(() => this.show(), 1000);
  }

  jump({ label, time }) {
    return button(label, () => this.move({ now: time }), { class: "jump", title: time });
  }

  now() {
    return Date.now() / 1000 + this.offset;
  }

  async move(how) {
    this.take(await post("clock", how));
  }

  async load() {
    this.take(await get("clock"));
  }

  take(clock) {
    // Counted from the server's own moment: its machine's clock and the browser's may differ.
    this.offset = Date.parse(clock.now) / 1000 - Date.now() / 1000;
    this.show();
  }

  show() {
    const seconds = this.now();
    byId("now").dateTime = new Date(seconds * 1000).toISOString();
    byId("now-date").textContent = day(seconds, this.zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
    byId("now-time").textContent = clockTime(seconds, this.zone);
  }
}
