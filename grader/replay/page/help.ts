import { element } from "./elements.ts";

const KEYS: readonly (readonly [string, string])[] = [
	["↓ ↑ or j k", "next, previous event"],
	["→ ←", "next, previous event of the same server"],
	["Enter", "the other end of the chosen message"],
	["f", "go to the failure"],
	["n p", "next, previous step of what happened"],
	["c", "where a server broke a rule, if that is known"],
	["Home End", "first, last event"],
	["Page ↓ ↑", "scroll"],
	["+ − 0", "zoom in, out, whole run"],
	["h", "hide heartbeats: calls that repeat what was said"],
	["t", "true time, or step by step"],
	["/", "search; Enter and Shift+Enter go through what was found"],
	["d", "dark or light"],
	["mouse", "wheel: scroll; Ctrl+wheel: zoom; drag: scroll; click: choose"],
];

const SIGNS: readonly (readonly [string, string])[] = [
	["broad band, L", "leader; the colour stands for the term"],
	["narrow band", "not leader"],
	["dotted red line", "down"],
	["hatched", "cut off from the others"],
	["dashed frame", "stands still: a pause of the whole machine"],
	["→", "call; dashed: its reply"],
	["→ dash-dot", "late: over 100 ms"],
	["→ ✕", "lost on its way"],
	["→ ○", "still under way at the end"],
	["◆ ◇", "applied first anywhere: committed; applied"],
	["△ with !", "here a server broke a rule"],
	["■ ▣ +", "saved; snapshot; start()"],
];

/** What keys there are, and what the signs of the diagram mean. */
export function help(): Node[] {
	return [...KEYS, ...SIGNS].map(([term, text]) =>
		element("div", {}, [element("dt", { text: term }), element("dd", { text })]),
	);
}
