/** What tells failures of one kind from those of another. */
export interface GroupableFailure {
	/** The assertion, invariant or limit that failed. */
	readonly check: string;
	readonly message: string;
	/** Where in the submission, innermost first; empty if that is not known. */
	readonly places: readonly { readonly file: string; readonly line: number; readonly column: number }[];
	/** Which of the test's schedules failed. */
	readonly repetition: number;
}

/** Failures of one kind; the one of the lowest repetition, which speaks for them all, first. */
export type FailureGroup<Failure extends GroupableFailure> = readonly [Failure, ...Failure[]];

/**
 * Puts the failures of one test together that are of one kind: same check, same message but for its figures, same innermost place. Where only
 * some of those with one message have a known place, the others join the first of them.
 *
 * @returns the groups, the one that happened first first; the same whatever order the failures come in.
 */
export function groupFailures<Failure extends GroupableFailure>(failures: readonly Failure[]): FailureGroup<Failure>[] {
	const inOrder = [...failures].sort((a, b) => a.repetition - b.repetition);
	const kinds = new Map<string, Map<string, Failure[]>>();
	for (const failure of inOrder) {
		const byPlace = entry(kinds, failureKind(failure), () => new Map<string, Failure[]>());
		entry(byPlace, showPlace(failure), () => []).push(failure);
	}
	return [...kinds.values()]
		.flatMap(joinPlaceless)
		.map((group) => group.toSorted((a, b) => a.repetition - b.repetition) as [Failure, ...Failure[]])
		.sort(([a], [b]) => a.repetition - b.repetition);
}

/**
 * A failure's check, and its message without what differs between failures of one kind: numbers, commands, servers and what state they are in.
 */
export function failureKind({ check, message }: Pick<GroupableFailure, "check" | "message">): string {
	return `${check}: ${message.replaceAll(QUOTED, '"…"').replaceAll(SERVERS, "S#").replaceAll(NUMBER, "#")}`;
}

/** A command, or a value; a long one has been cut short and has no end. */
const QUOTED = /"[^"]*(?:"|…)/g;
const NUMBER = /-?\d+(?:\.\d+)?/g;
const SERVER = /\bS\d+\b(?: (?:down\b|(?:leader, )?term -?\d+(?:, cut off)?))?/.source;
/** One server or several: `S0`, `S0 and S2`, `S0 leader, term 3, S1 term 2, cut off`. */
const SERVERS = new RegExp(`${SERVER}(?:(?:,|;|,? and) ${SERVER})*`, "g");

const NO_PLACE = "";

function showPlace({ places: [place] }: GroupableFailure): string {
	return place === undefined ? NO_PLACE : `${place.file}:${place.line}:${place.column}`;
}

function joinPlaceless<Failure>(byPlace: ReadonlyMap<string, Failure[]>): Failure[][] {
	const placeless = byPlace.get(NO_PLACE) ?? [];
	const [first, ...others] = [...byPlace].filter(([place]) => place !== NO_PLACE).map(([, group]) => group);
	return first === undefined ? [placeless] : [[...first, ...placeless], ...others];
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
	const known = map.get(key);
	if (known !== undefined) return known;
	const made = make();
	map.set(key, made);
	return made;
}
