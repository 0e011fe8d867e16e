import { toText } from "../../harness/index.ts";
import { type Fields, learnFields, pathsOf, read, valueAt } from "./fields.ts";
import { type At, type Call, type History, type Of, restartBetween } from "./history.ts";

/** A command at its place in the log. */
export interface Entry {
	readonly index: number;
	readonly command: string;
	/** The term of the leader that took it. */
	readonly term: number;
	readonly leader: number;
	/** When start() took it. */
	readonly startedAt: At;
}

/** A server has stored an entry: as leader, or having said yes to a request that held it. */
export interface Holding {
	readonly server: number;
	/** When it was asked to. */
	readonly fromAt: At;
	/** When it had: when it answered. */
	readonly at: At;
	/** The request that held it; undefined for the leader's own, and for what came with a snapshot. */
	readonly call: Call | undefined;
}

/** The entries of a run, as far as messages tell: who took them, and who has them. */
export interface Log {
	/** The calls that replicate. */
	readonly calls: readonly Call[];
	isYes(call: Call): boolean | undefined;
	/** What leaders put at an index, in order. */
	startedAt(index: number): readonly Entry[];
	/** Where leaders put a command, in order. */
	startsOf(command: string): readonly Entry[];
	/** What a leader took in a term, in order. */
	startsOfTerm(leader: number, term: number): readonly Entry[];
	/** Methods with which a leader sends something else than entries: snapshots, most likely. */
	readonly otherMethods: ReadonlySet<string>;
	/** Whether a request holds any entries. */
	hasEntries(call: Call): boolean;
	/** Whether a request holds this entry. */
	holds(call: Call, entry: Entry): boolean;
	/** Who stored an entry before an event, the leader first. A server's latest holding counts. */
	holders(entry: Entry, before: At): readonly Holding[];
}

/** How many messages are looked at to learn what entries look like. */
const SAMPLES = 200;

/** Finds the log in a history: what a leader sends is replication. */
export function findLog(history: History): Log {
	const methods = new Map<string, Call[]>();
	for (const call of history.calls) {
		if (call.caller?.isLeader !== true) continue;
		const known = methods.get(call.method);
		if (known === undefined) methods.set(call.method, [call]);
		else known.push(call);
	}
	const calls = history.calls.filter(({ method }) => methods.has(method));
	const fields = new Map<string, Fields>([...methods].map(([method, own]) => [method, learnFields(own)]));
	const isYes = (call: Call) => fields.get(call.method)?.isYes(call);
	const taken = history.starts.filter(({ isLeader }) => isLeader).map(toEntry);
	const byCommand = group(taken, ({ command }) => command);
	const byIndex = group(taken, ({ index }) => String(index));
	const shapes = new Map([...methods].map(([method, own]) => [method, learnShape(own, byCommand)]));

	const holds = (call: Call, entry: Entry) => {
		const shape = shapes.get(call.method);
		if (shape === undefined || !call.args.includes(inMessage(entry.command))) return false;
		const entries = valueAt(read(call.args), shape.entries);
		return (
			Array.isArray(entries) &&
			entries.some((each) => {
				if (textOf(valueAt(each, shape.command)) !== entry.command) return false;
				return shape.term === undefined || valueAt(each, shape.term) === entry.term;
			})
		);
	};
	const hasEntries = (call: Call) => {
		const shape = shapes.get(call.method);
		const entries = shape === undefined ? undefined : valueAt(read(call.args), shape.entries);
		return Array.isArray(entries) && entries.length > 0;
	};
	const holders = (entry: Entry, before: At) => {
		const found = new Map<number, Holding>();
		const { leader, startedAt } = entry;
		if (startedAt < before) found.set(leader, { server: leader, fromAt: startedAt, at: startedAt, call: undefined });
		for (const call of calls) {
			if (call.sentAt >= before) break;
			const { to: server, deliveredAt, answeredAt } = call;
			if (deliveredAt === undefined || answeredAt === undefined || answeredAt >= before) continue;
			if (server === call.from || isYes(call) === false || !holds(call, entry)) continue;
			found.set(server, { server, fromAt: deliveredAt, at: answeredAt, call });
		}
		for (const event of history.applies) {
			if (event.at >= before) break;
			if (event.kind === "apply" || event.index < entry.index || event.at < startedAt || found.has(event.server))
				continue;
			found.set(event.server, { server: event.server, fromAt: event.at, at: event.at, call: undefined });
		}
		return [...found.values()];
	};
	const withEntries = [...shapes].filter(([, shape]) => shape !== undefined).map(([method]) => method);
	const otherMethods = new Set(
		withEntries.length === 0 ? [] : [...methods.keys()].filter((each) => !withEntries.includes(each)),
	);
	return {
		calls,
		isYes,
		otherMethods,
		startedAt: (index) => byIndex.get(String(index)) ?? [],
		startsOf: (command) => byCommand.get(command) ?? [],
		startsOfTerm: (leader, term) => taken.filter((entry) => entry.leader === leader && entry.term === term),
		hasEntries,
		holds,
		holders,
	};
}

/** Whether a server restarted after it had stored something, and before an event, and what speaks for it that it had not saved it. */
export function restartSince(
	history: History,
	{ server, fromAt }: Holding,
	before: At,
):
	| { readonly bootedAt: At; readonly crashedAt: At; readonly isUnsaved: boolean; readonly savedAt: At | undefined }
	| undefined {
	const first = history.lives.find((life) => life.server === server && life.incarnation > 0 && life.bootedAt > fromAt);
	if (
		first === undefined ||
		first.bootedAt >= before ||
		restartBetween(history, server, fromAt, before) === undefined
	) {
		return undefined;
	}
	const crashedAt =
		history.lives.findLast((life) => life.server === server && (life.crashedAt ?? first.bootedAt) < first.bootedAt)
			?.crashedAt ?? first.bootedAt;
	const own = history.saves.filter((save) => save.server === server);
	const earlier = own.findLast(({ at }) => at < fromAt);
	const last = own.findLast(({ at }) => at > fromAt && at < crashedAt);
	const isSmall = last !== undefined && earlier !== undefined && last.stateBytes <= earlier.stateBytes;
	const isUnsaved = last === undefined || (isSmall && last.snapshotBytes === 0);
	return { bootedAt: first.bootedAt, crashedAt, isUnsaved, savedAt: last?.at };
}

interface Shape {
	readonly entries: readonly string[];
	readonly command: readonly string[];
	readonly term: readonly string[] | undefined;
}

/** Finds out where the entries stand in a method's requests, and where in an entry its command and its term: from the commands that start() was given. */
function learnShape(calls: readonly Call[], started: ReadonlyMap<string, readonly Entry[]>): Shape | undefined {
	const hits = new Map<string, { shape: Omit<Shape, "term">; count: number }>();
	const terms = new Map<string, { path: readonly string[]; count: number; wrong: number }>();
	const step = Math.max(1, Math.floor(calls.length / SAMPLES));
	for (let i = 0; i < calls.length; i += step) {
		const args = read((calls[i] as Call).args);
		for (const entries of arraysIn(args)) {
			const first: unknown = (valueAt(args, entries) as unknown[]).at(-1);
			for (const command of [[], ...pathsOf(first)]) {
				const known = started.get(textOf(valueAt(first, command)) ?? "");
				if (known === undefined) continue;
				const key = JSON.stringify([entries, command]);
				const hit = hits.get(key) ?? { shape: { entries, command }, count: 0 };
				hit.count++;
				hits.set(key, hit);
				for (const path of pathsOf(first)) {
					const value = valueAt(first, path);
					if (typeof value !== "number" || path.join() === command.join()) continue;
					const name = JSON.stringify([entries, command, path]);
					const term = terms.get(name) ?? { path, count: 0, wrong: 0 };
					if (known.some((entry) => entry.term === value)) term.count++;
					else term.wrong++;
					terms.set(name, term);
				}
			}
		}
	}
	const [best] = [...hits.values()].sort((a, b) => b.count - a.count);
	if (best === undefined) return undefined;
	const prefix = JSON.stringify([best.shape.entries, best.shape.command]).slice(0, -1);
	const [term] = [...terms]
		.filter(([name, { count, wrong }]) => name.startsWith(prefix) && count > 10 * wrong)
		.map(([, found]) => found)
		.sort((a, b) => b.count - a.count);
	return { ...best.shape, term: term?.path };
}

function arraysIn(args: unknown): (readonly string[])[] {
	if (Array.isArray(args)) {
		const nested = args.flatMap((inner, i) => (Array.isArray(inner) && inner.length > 0 ? [[String(i)]] : []));
		return nested;
	}
	if (typeof args !== "object" || args === null) return [];
	return Object.entries(args).flatMap(([key, inner]) => (Array.isArray(inner) && inner.length > 0 ? [[key]] : []));
}

/** A command as it stands in a message: tagged messages begin differently, the values in them are the same but for what JSON can't write. */
function inMessage(command: string): string {
	return command.startsWith("~") ? "" : command;
}

function textOf(value: unknown): string | undefined {
	try {
		return value === undefined ? undefined : toText(value);
	} catch {
		return undefined;
	}
}

function toEntry({ index, command, term, server, at }: Of<"start">): Entry {
	return { index, command, term, leader: server, startedAt: at };
}

function group<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
	const groups = new Map<string, Value[]>();
	for (const value of values) {
		const key = keyOf(value);
		const known = groups.get(key);
		if (known === undefined) groups.set(key, [value]);
		else known.push(value);
	}
	return groups;
}
