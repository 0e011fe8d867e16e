/**
 * What the page of a run costs: `tsx grader/studies/bench-page.ts page.html`, on a page that `raft-grade replay --trace` wrote. Prints when it was first
 * drawn, and at several zooms how many frames a second it scrolls with.
 */
import { statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { startChromium } from "../testing/chromium.ts";

const [file = ""] = process.argv.slice(2);
const browser = await startChromium();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(pathToFileURL(path.resolve(file)).href);
await page.waitForFunction(`performance.getEntriesByName("drawn").length > 0`);
const drawnMs = await page.evaluate<number>(`performance.getEntriesByName("drawn")[0].startTime`);
const megabytes = statSync(file).size / 1_000_000;
console.log(`${megabytes.toFixed(1)} MB; ${await page.locator("#clock").textContent()}`);
console.log(`first drawn ${drawnMs.toFixed(0)} ms after navigation began`);

/** Scrolls for two seconds, a wheel's step with each frame. */
const SCROLL = `new Promise((resolve) => {
	const canvas = document.getElementById("diagram");
	const beganMs = performance.now();
	let frames = 0;
	let lastMs = beganMs;
	let longestMs = 0;
	let direction = 1;
	const step = () => {
		const nowMs = performance.now();
		longestMs = Math.max(longestMs, nowMs - lastMs);
		lastMs = nowMs;
		frames++;
		if (frames % 40 === 0) direction = -direction;
		canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: direction * 25, bubbles: true, cancelable: true }));
		if (nowMs - beganMs < 2000) requestAnimationFrame(step);
		else resolve({ fps: (1000 * frames) / (nowMs - beganMs), longestMs });
	};
	requestAnimationFrame(step);
})`;

for (const [what, keys] of [
	["readable, in the middle", []],
	["heartbeats shown", ["h"]],
	["two steps out", ["-", "-"]],
	["five steps out", ["-", "-", "-"]],
	["eight steps out", ["-", "-", "-"]],
	["twelve steps out", ["-", "-", "-", "-"]],
	["whole run", ["0"]],
	["whole run, one step in", ["+"]],
] as const) {
	if (what.startsWith("readable")) await page.locator("#moment").fill("30000");
	for (const key of keys) await page.keyboard.press(key);
	await page.waitForTimeout(100);
	const { fps, longestMs } = await page.evaluate<{ fps: number; longestMs: number }>(SCROLL);
	console.log(`${what.padEnd(26)} ${fps.toFixed(0).padStart(3)} frames/s, longest ${longestMs.toFixed(0)} ms`);
}
await browser.close();
