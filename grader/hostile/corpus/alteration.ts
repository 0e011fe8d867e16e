import { fails, type Hostile, NOTHING } from "../hostile.ts";

/** What was handed over, changed afterwards. */
export const alteration: readonly Hostile[] = [
	{
		name: "altered-messages",
		tries: "changes every request after it was sent, and every answer after it was given",
		act: {
			before: `
				const spoil = (value) => { if (typeof value !== "object" || value === null) return; if (value instanceof Uint8Array) { value.fill(255); return; } for (const key of Object.keys(value)) { if (typeof value[key] === "object") spoil(value[key]); else tried(() => { value[key] = 1e6; }); } };
				const ends = peers;
				peers = ends.map((end) => ({ call: (method, args) => { const copy = structuredClone(args); const answer = end.call(method, copy); spoil(copy); return answer; } }));
			`,
			after: `
				for (const name of ["RequestVote", "AppendEntries", "InstallSnapshot"]) {
					const handler = server[name]; if (typeof handler !== "function") continue;
					server[name] = (args) => { const answer = structuredClone(handler.call(server, args)); queueMicrotask(() => queueMicrotask(() => spoil(answer))); return answer; };
				}
			`,
		},
		gets: NOTHING,
	},
	{
		name: "altered-storage",
		tries: "changes bytes after it saved them, and bytes that it read",
		act: {
			before:
				"const own = persister; persister = { ...own, save: (a, b) => { const [x, y] = [a.slice(), b.slice()]; own.save(x, y); x.fill(255); y.fill(255); own.readRaftState().fill(255); own.readSnapshot().fill(255); } };",
		},
		gets: NOTHING,
	},
	{
		name: "kept-storage",
		tries: "gets hold of the very copies that the machine keeps of its storage, and takes their memory away",
		act: {
			module:
				"const kept = []; const { set } = Uint8Array.prototype; Uint8Array.prototype.set = function (...args) { kept.push(this); return set.apply(this, args); };",
			after: "setInterval(() => { for (const bytes of kept.splice(0)) tried(() => bytes.buffer.transfer()); }, 1);",
		},
		gets: { kind: "harm" },
	},
	{
		name: "resizable-storage",
		tries: "has the machine keep its storage in buffers that it can shrink afterwards",
		act: {
			module:
				"const Real = ArrayBuffer; globalThis.ArrayBuffer = function (n) { return new Real(n, { maxByteLength: n + 8 }); }; const { set } = Uint8Array.prototype; Uint8Array.prototype.set = function (...args) { set.apply(this, args); if (this.buffer.resizable) this.buffer.resize(0); };",
		},
		gets: NOTHING,
	},
	{
		name: "altered-commands",
		tries: "changes commands that it was given, in the hope that the tester still has the same objects",
		act: {
			onCommand:
				"if (typeof command === 'object' && command !== null) for (const key of Object.keys(command)) command[key] = 0;",
		},
		gets: NOTHING,
	},
	{
		name: "old-life",
		tries: "goes on after a crash: timers, promises and requests of an earlier life",
		act: {
			after:
				"const old = () => { void peers[(me + 1) % peers.length].call('Old', me); setTimeout(old, 50); }; server.Old = () => null; server.kill = () => { setInterval(old, 1); void (async () => { for (;;) { await sleep(1); throw new Error('ESCAPED: alive'); } })(); persister.save(new Uint8Array(9), new Uint8Array(9)); throw new Error('not yet'); };",
		},
		tests: ["InitialElection", "Persist1"],
		gets: { kind: "failure", says: /kill\(\) threw: Error: not yet/, in: ["Persist1"] },
	},
	{
		name: "old-life-in-silence",
		tries: "saves, sends and applies in kill(), and leaves timers behind",
		act: {
			after:
				"server.kill = () => { setInterval(() => { throw new Error('ESCAPED: alive'); }, 1); persister.save(new Uint8Array(9), new Uint8Array(9)); void applyCh.send({ commandValid: true, command: 'late', commandIndex: 999 }); void peers[0].call('Gone', 1); };",
		},
		gets: NOTHING,
	},
	{
		name: "applies-anything",
		tries: "applies commands at indices of its own choosing",
		act: {
			onCommand:
				"for (const index of [-1, 0, 5, 2 ** 52]) void applyCh.send({ commandValid: true, command, commandIndex: index });",
		},
		gets: fails(/applied|index/),
	},
];
