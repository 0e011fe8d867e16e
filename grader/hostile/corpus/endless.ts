import { fails, failsAll, type Hostile, ONE_WITH_COMMANDS, stopped, unusable, WITH_COMMANDS } from "../hostile.ts";

const HANGS = /never comes to rest/;

/** Code that never ends. */
export const endless: readonly Hostile[] = [
	{
		name: "endless-loop",
		tries: "loops for ever when it is given a command",
		act: { onCommand: "for (;;);" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-loading",
		tries: "loops for ever when it is loaded",
		act: { module: "for (;;);" },
		gets: unusable(HANGS),
	},
	{
		name: "endless-make",
		tries: "never returns from make()",
		act: { before: "while (true) me = me;" },
		gets: unusable(HANGS),
	},
	{
		name: "endless-kill",
		tries: "never returns from kill()",
		act: { after: "server.kill = () => { for (;;); };" },
		tests: ["Persist1", "InitialElection"],
		gets: { kind: "failure", says: HANGS, in: ["Persist1"], contained: true },
	},
	{
		name: "endless-microtasks",
		tries: "feeds its own queue of microtasks",
		act: { onCommand: "const again = () => Promise.resolve().then(again); again();" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-generator",
		tries: "spreads a generator that never ends",
		act: { onCommand: "for (const x of (function* () { for (;;) yield 1; })()) if (x === 2) break;" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-regex",
		tries: "matches a regular expression that takes exponential time",
		act: { onCommand: "/^(a+)+$/.test('a'.repeat(60) + 'b');" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-getter",
		tries: "answers a request with an object whose getter never returns",
		act: { after: "server.Wait = () => ({ get x() { for (;;); } });", onCommand: "void peers[me].call('Wait', 1);" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-proxy",
		tries: "sends a proxy whose list of keys never ends",
		act: { onCommand: "void tried(() => peers[me].call('x', new Proxy({}, { ownKeys() { for (;;); } })));" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-sort",
		tries: "sorts with a comparison that hangs, deep inside of V8",
		act: { onCommand: "[3, 1, 2].sort(() => { for (;;); });" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-message",
		tries: "throws an error whose message is a getter that never returns",
		act: { onCommand: "throw Object.defineProperty(new Error(), 'message', { get() { for (;;); } });" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-finally",
		tries: "catches whatever would stop it, and goes on",
		act: { onCommand: "const on = () => { try { for (;;); } finally { on(); } }; on();" },
		gets: stopped(HANGS),
	},
	{
		name: "endless-recursion",
		tries: "recurses for ever",
		act: { onCommand: "const f = () => f() + 1; f();" },
		gets: fails(/start\(\) threw: RangeError: Maximum call stack size exceeded/),
	},
	{
		name: "timers-at-once",
		tries: "sets a timer for now whenever one fires: virtual time stands still",
		act: { onCommand: "const again = () => setImmediate(again); again();" },
		tests: ONE_WITH_COMMANDS,
		gets: fails(/virtual time stands still/),
	},
	{
		name: "rpc-storm",
		tries: "sends itself requests without a pause",
		act: {
			after: "server.Ping = () => 1;",
			onCommand: "const again = () => void peers[me].call('Ping', 1).then(again); again();",
		},
		tests: ONE_WITH_COMMANDS,
		gets: fails(/virtual time stands still|more than \d+ (?:messages|events)/),
	},
	{
		name: "rpc-flood",
		tries: "sends 600,000 requests at once",
		act: {
			after: "server.Ping = () => 1;",
			onCommand: "for (let i = 0; i < 600_000; i++) void peers[(me + 1) % peers.length].call('Ping', 1);",
		},
		tests: ONE_WITH_COMMANDS,
		gets: {
			kind: "failure",
			says: /messages|memory|never comes to rest/,
			in: WITH_COMMANDS,
			contained: "either",
		},
	},
	{
		name: "apply-flood",
		tries: "sends a message without a command on its apply channel for ever",
		act: { onCommand: "void (async () => { for (;;) await applyCh.send({ commandValid: false }); })();" },
		tests: ONE_WITH_COMMANDS,
		gets: fails(/virtual time stands still/),
	},
	{
		name: "endless-explanation",
		tries: "fails, and loops for ever only when it is run again with stack traces to be explained",
		act: { onCommand: "if (typeof new Error('x').stack === 'string') for (;;); throw new Error('as judged');" },
		gets: fails(/start\(\) threw: Error: as judged/),
	},
	{
		name: "endless-log",
		tries: "fails, and before that logs a proxy that never ends, which is only looked at when the run is explained",
		act: {
			onCommand:
				"console.log(new Proxy({}, { ownKeys() { for (;;); }, get() { for (;;); } }), { toString() { for (;;); } }); debug('x', { [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } }); throw new Error('as judged');",
		},
		gets: fails(/start\(\) threw: Error: as judged/),
	},
	{
		name: "endless-state",
		tries: "hangs in getState() as soon as it leads",
		act: {
			after:
				"const state = server.getState.bind(server); server.getState = () => { const s = state(); if (s.isLeader) for (;;); return s; };",
		},
		tests: ["InitialElection"],
		gets: { kind: "failure", says: HANGS, contained: true },
	},
	{
		name: "quiet-until-the-end",
		tries: "does nothing at all for ever",
		act: {
			after:
				"server.start = () => ({ index: -1, term: 0, isLeader: false }); server.getState = () => ({ term: 0, isLeader: false });",
		},
		gets: failsAll(/leader|agree/),
	},
];
