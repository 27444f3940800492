// A message effect: a short shower, for those who like motion.

import { element } from "./dom.js";

const PIECES = 26;

export function celebrate(phone) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const shower = element("div", { class: "confetti", "aria-hidden": "true" }, ...Array.from({ length: PIECES }, (_, index) => element("i", { class: `c${index % 5}` })));
  phone.append(shower);
  for (const piece of shower.children) {
    const drift = (Math.random() - 0.5) * 160;
    piece.style.left = `${Math.random() * 100}%`;
    piece.animate(
      [{ transform: "translateY(-20px) rotate(0)" }, { transform: `translate(${drift}px, 640px) rotate(${drift * 6}deg)`, opacity: 0.2 }],
      { duration: 1400 + Math.random() * 900, easing: "cubic-bezier(.2,.6,.6,1)", fill: "forwards" },
    );
  }
  setTimeout(() => shower.remove(), 2400);
}
