import type { Mutant } from "./mutant.ts";

/** Handing committed entries to the service: each one, once, in order. */
export const apply: readonly Mutant[] = [
	{
		id: "apply-only-the-newest",
		family: "apply",
		causes: ["apply-order"],
		breaks: "safety",
		mistake: "When commitIndex moves, a server applies the entry at commitIndex and leaves out those before it.",
		story:
			"While commitIndex > lastApplied, increment lastApplied and apply that entry (figure 2, all servers). An if where the paper's rule needs a loop is right as long as commands come one by one. When several are committed together, all but the last are skipped.",
		edits: [
			{ file: "applying.ts", find: "state.lastApplied += 1;", replace: "state.lastApplied = state.commitIndex;" },
		],
		caughtBy: { test: "ConcurrentStarts", schedule: "calm" },
	},
	{
		id: "apply-newest-first",
		family: "apply",
		causes: ["apply-order"],
		breaks: "safety",
		mistake: "Of several entries that are committed together, a server applies the last one first.",
		story:
			"State machines apply entries in log order (§5.3). The leader walks down from the last index to find what a majority has, and this loop applies what it finds on its way.",
		edits: [
			{
				file: "applier.ts",
				find: "for (let msg = this.#next(); msg !== undefined && !this.#isStopped; msg = this.#next()) {",
				replace: `const found: ApplyMsg[] = [];
		for (let msg = this.#next(); msg !== undefined; msg = this.#next()) found.unshift(msg);
		for (const msg of found) {`,
			},
		],
		caughtBy: { test: "ConcurrentStarts", schedule: "calm" },
	},
	{
		id: "apply-each-on-its-own",
		family: "apply",
		causes: ["apply-order"],
		breaks: "safety",
		mistake: "Each committed entry gets a task of its own that applies it a little later.",
		story:
			"Entries must reach the service in log order (§5.3). A task for each keeps the rest of the server from waiting for the service. But nothing keeps the tasks in order; what was committed first need not be first.",
		edits: [
			{
				file: "applier.ts",
				find: "await this.#applyCh.send(msg);",
				replace: "setTimeout(() => void this.#applyCh.send(msg), 10 * Math.random());",
			},
		],
		caughtBy: { test: "ConcurrentStarts", schedule: "calm" },
	},
	{
		id: "apply-twice",
		family: "apply",
		causes: ["apply-order"],
		breaks: "safety",
		mistake:
			"lastApplied grows only when the service has taken an entry, and meanwhile a second loop applies it again.",
		story:
			"lastApplied is what keeps an entry from being applied again (figure 2). Counting an entry as applied when it has been applied sounds right. But each commit starts the loop, sending takes time, and two loops that look at lastApplied in that time send the same entry.",
		edits: [
			{
				file: "applying.ts",
				find: "state.lastApplied += 1;\n\t\treturn { commandValid: true, command: log.entryAt(state.lastApplied).command, commandIndex: state.lastApplied };",
				replace:
					"const commandIndex = state.lastApplied + 1;\n\t\treturn { commandValid: true, command: log.entryAt(commandIndex).command, commandIndex };",
			},
			{
				file: "applier.ts",
				find: "if (!this.#isAwake && !this.#isStopped) void this.#work();",
				replace: "if (!this.#isStopped) void this.#work();",
			},
			{
				file: "applier.ts",
				find: "await this.#applyCh.send(msg);",
				replace: "await this.#applyCh.send(msg);\n\t\t\tthis.taken(msg);",
			},
			{
				file: "applier.ts",
				find: "\tstop(): void {",
				replace: "\ttaken: (msg: ApplyMsg) => void = () => {};\n\n\tstop(): void {",
			},
			{
				file: "raft.ts",
				find: "this.#applier = new Applier(applyCh, () => nextToApply(this.#state));",
				replace: `this.#applier = new Applier(applyCh, () => nextToApply(this.#state));
		this.#applier.taken = (msg) => {
			if ("commandIndex" in msg) this.#state.lastApplied = msg.commandIndex;
		};`,
			},
		],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
	{
		id: "apply-with-index-from-zero",
		family: "apply",
		causes: ["index-shift"],
		breaks: "safety",
		mistake: "An entry is applied under its place in an array that begins at 0.",
		story:
			"The first index is 1 (figure 2). An array begins at 0, and where the one becomes the other is easily decided in two places, or in none.",
		edits: [
			{
				file: "applying.ts",
				find: "commandIndex: state.lastApplied };",
				replace: "commandIndex: state.lastApplied - 1 };",
			},
		],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
	{
		id: "apply-what-is-in-the-log",
		family: "apply",
		causes: ["apply-uncommitted"],
		breaks: "safety",
		mistake: "A server applies whatever is in its log, committed or not.",
		story:
			"Only committed entries are applied (§5.3): others may be overwritten. When nothing fails, whatever is in a log is committed a moment later, and applying it at once is just faster.",
		edits: [
			{
				file: "applying.ts",
				find: "if (state.lastApplied < state.commitIndex) {",
				replace: "if (state.lastApplied < log.lastIndex) {",
			},
		],
		caughtBy: { test: "FollowerFailure", schedule: "calm" },
	},
	{
		id: "restart-takes-the-log-for-committed",
		family: "apply",
		causes: ["apply-uncommitted"],
		breaks: "safety",
		mistake: "A server that restarts takes all entries in its saved log for committed, and applies them.",
		story:
			"commitIndex is volatile, and starts from 0 or from the snapshot (figure 2); a restarted server learns from its leader how far it goes. The service needs its state back, and it is all there in the saved log. The end of it may never have been committed, and may be replaced.",
		edits: [
			{
				file: "state.ts",
				find: "commitIndex: saved.log.lastIncludedIndex,",
				replace: "commitIndex: saved.log.lastIndex,",
			},
		],
		caughtBy: { test: "DeposedAndRestarted", schedule: "calm" },
	},
	{
		id: "applied-set-back-by-own-snapshot",
		family: "apply",
		causes: ["applied-and-snapshots"],
		breaks: "safety",
		mistake: "snapshot() sets lastApplied to the snapshot's index, even if more has been applied since.",
		story:
			"lastApplied increases monotonically (figure 2). The service has everything up to index in its snapshot, so index must be what it has applied. But the call may come when the server has handed out more already: these entries are then applied a second time.",
		edits: [
			{
				file: "snapshots.ts",
				find: "state.snapshot = snapshot;",
				replace: "state.snapshot = snapshot;\n\tstate.lastApplied = index;",
			},
		],
		caughtBy: { test: "SnapshotBasic", schedule: "race" },
	},
	{
		id: "index-counted-from-the-snapshot",
		family: "apply",
		causes: ["snapshot-offset"],
		breaks: "safety",
		mistake: "Once there is a snapshot, an entry is applied under its place in the log's array.",
		story:
			"Indices go on after a snapshot as if nothing had been discarded (§7). The entry is looked up with the offset taken off, as it must be, and then handed to the service under that number.",
		edits: [
			{
				file: "applying.ts",
				find: "commandIndex: state.lastApplied };",
				replace: "commandIndex: state.lastApplied - log.lastIncludedIndex };",
			},
		],
		caughtBy: { test: "SnapshotInit", schedule: "calm" },
	},
];
