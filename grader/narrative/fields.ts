import { fromText } from "../../harness/index.ts";
import type { Call } from "./history.ts";

/** Where in a message something stands: keys, from the outside in. */
type Path = readonly string[];

/** How many messages of a kind are looked at to learn what is in them. */
const SAMPLES = 300;
/** How deep fields are looked for. */
const DEPTH = 2;
/** A field is taken for what it seems to be if it is right so often. */
const SURE = 0.9;

/** What is known of a method's messages: submissions name their fields as they like, so it is found out from what they hold. */
export interface Fields {
	/** The term for which a request is made. */
	termOf(call: Call): number | undefined;
	/** What a reply says: yes, no, or nothing that can be told. */
	isYes(call: Call): boolean | undefined;
	/** Whether there is no doubt about which field says yes. */
	readonly isYesCertain: boolean;
}

/** Finds out what the messages of one method hold. */
export function learnFields(calls: readonly Call[]): Fields {
	const requests = sample(calls.filter(({ caller }) => caller !== undefined));
	const termPath = bestPath(
		requests.map(({ args, caller }) => ({ value: read(args), wanted: caller?.term })),
		(found, wanted) => found === wanted,
		/term/i,
	);
	const replies = sample(calls.filter(({ reply }) => reply !== undefined)).map(({ reply }) => read(reply ?? ""));
	const { path: yesPath, isCertain } = booleanPath(replies);
	return {
		isYesCertain: isCertain,
		termOf: ({ args, caller }) => {
			const stated = termPath === undefined ? undefined : valueAt(read(args), termPath);
			return typeof stated === "number" ? stated : caller?.term;
		},
		isYes: ({ reply }) => {
			if (reply === undefined || yesPath === undefined) return undefined;
			const said = yesPath.length === 0 ? read(reply) : valueAt(read(reply), yesPath);
			return typeof said === "boolean" ? said : undefined;
		},
	};
}

/** A value that crossed the network; undefined if it cannot be read. */
export function read(text: string): unknown {
	try {
		return fromText(text);
	} catch {
		return undefined;
	}
}

function sample(calls: readonly Call[]): readonly Call[] {
	const step = Math.max(1, Math.floor(calls.length / SAMPLES));
	return calls.filter((_, i) => i % step === 0);
}

/** The path that holds what is wanted in the largest share of the messages, if that is nearly all; of several, one with a telling name. */
function bestPath(
	messages: readonly { readonly value: unknown; readonly wanted: number | undefined }[],
	isRight: (found: unknown, wanted: number | undefined) => boolean,
	name: RegExp,
): Path | undefined {
	const hits = new Map<string, { path: Path; count: number }>();
	for (const { value, wanted } of messages) {
		for (const path of pathsOf(value)) {
			const key = path.join("\0");
			const hit = hits.get(key) ?? { path, count: 0 };
			if (isRight(valueAt(value, path), wanted)) hit.count++;
			hits.set(key, hit);
		}
	}
	const isNamed = ({ path }: { path: Path }) => (name.test(path.at(-1) ?? "") ? 1 : 0);
	const [best] = [...hits.values()]
		.filter(({ count }) => count >= SURE * messages.length && count > 0)
		.sort((a, b) => b.count - a.count || isNamed(b) - isNamed(a));
	return best?.path;
}

/** The field that says yes or no: the only one that is true or false in all replies, or else one with a telling name, of which some tell more than others. */
function booleanPath(replies: readonly unknown[]): { readonly path: Path | undefined; readonly isCertain: boolean } {
	if (replies.some((reply) => typeof reply === "boolean")) return { path: [], isCertain: true };
	const found = new Map<string, Path>();
	for (const reply of replies) {
		for (const path of pathsOf(reply)) if (typeof valueAt(reply, path) === "boolean") found.set(path.join("\0"), path);
	}
	const all = [...found.values()];
	const named = (name: RegExp) => all.find((path) => name.test(path.at(-1) ?? ""));
	const granting = named(/grant/i);
	return {
		path: all.length <= 1 ? all[0] : (granting ?? named(/vote|success|ok|accept/i) ?? all[0]),
		isCertain: all.length === 1 || granting !== undefined,
	};
}

export function pathsOf(value: unknown, depth = DEPTH): Path[] {
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
	// Positions in a long array are no fields.
	if (Array.isArray(value) && value.length > 10) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		typeof inner === "object" && inner !== null && depth > 1
			? pathsOf(inner, depth - 1).map((path) => [key, ...path])
			: [[key]],
	);
}

export function valueAt(value: unknown, path: Path): unknown {
	let inner = value;
	for (const key of path) {
		if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) return undefined;
		inner = (inner as Record<string, unknown>)[key];
	}
	return inner;
}
