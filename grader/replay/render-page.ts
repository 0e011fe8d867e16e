import type { Window } from "./filter.ts";
import type { Journal } from "./journal-schema.ts";
import { pageShell } from "./page-shell.ts";

/**
 * A run as a page: one HTML file that asks the network for nothing.
 *
 * @param window - what it shows first; undefined: the failure, or the beginning.
 */
export async function renderPage(journal: Journal, window?: Window): Promise<string> {
	const { before, after } = await pageShell();
	// Whatever a submission has put into a text, it cannot end the element that holds it.
	const data = JSON.stringify({ journal, window: window ?? null }).replaceAll("<", "\\u003c");
	return before + data + after;
}
