import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";

/** Where a browser may stand on the machines that this is tested on. */
const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's Chromium; undefined if it has none. */
export function chromiumPath(): string | undefined {
	return PLACES.find((place) => place !== undefined && existsSync(place));
}

/**
 * Starts the machine's Chromium.
 *
 * @remarks Not in a process that simulates: Playwright uses async_hooks, which no machine may meet.
 * @throws Error if there is none.
 */
export async function startChromium(): Promise<Browser> {
	const executablePath = chromiumPath();
	if (executablePath === undefined) throw new Error("there is no Chromium: apt-get install chromium, or set CHROMIUM");
	const { chromium } = await import("playwright-core");
	return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
