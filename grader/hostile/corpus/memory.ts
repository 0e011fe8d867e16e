import { fails, type Hostile, NOTHING, stopped, unusable } from "../hostile.ts";

/** Without the sandbox's help some of these would end in a sentence, too: whichever comes first. */
const MEMORY = /memory|never comes to rest/;

/** Memory, used up. */
export const memory: readonly Hostile[] = [
	{
		name: "heap",
		tries: "fills the heap with objects",
		act: { onCommand: "const all = []; for (;;) all.push({ all });" },
		gets: stopped(MEMORY),
	},
	{
		name: "array-buffers",
		tries: "fills memory outside of the heap with bytes",
		act: { onCommand: "const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1));" },
		gets: stopped(MEMORY),
	},
	{
		name: "strings",
		tries: "doubles a string, caught each time it cannot be longer",
		act: {
			onCommand:
				"const all = []; for (;;) { let s = 'x'; tried(() => { for (;;) s += s; }); all.push(s, JSON.parse(JSON.stringify(s.slice(0, 1e8)))); }",
		},
		gets: stopped(MEMORY),
	},
	{
		name: "heap-at-loading",
		tries: "fills the heap when it is loaded",
		act: { module: "const all = []; for (;;) all.push(new Array(1000).fill(all));" },
		gets: unusable(MEMORY),
	},
	{
		name: "promises",
		tries: "makes millions of promises",
		act: { onCommand: "const all = []; for (;;) all.push(new Promise(() => {}).then(() => all));" },
		gets: stopped(MEMORY),
	},
	{
		name: "rejections",
		tries: "rejects a thousand promises at once",
		act: { onCommand: "for (let i = 0; i < 1_000; i++) Promise.reject(i);" },
		gets: fails(/an unhandled rejection: 0 was thrown/),
	},
	{
		name: "timers",
		tries: "sets timers until memory is full",
		act: { onCommand: "for (;;) setTimeout(() => {}, 1e6);" },
		gets: stopped(MEMORY),
	},
	{
		name: "deep-value",
		tries: "sends a value nested a hundred thousand levels deep",
		act: {
			onCommand:
				"let deep = 1; for (let i = 0; i < 100_000; i++) deep = [deep]; tried(() => peers[me].call('x', deep));",
		},
		gets: fails(/nested deeper than 500 levels/),
	},
	{
		name: "huge-value",
		tries: "sends itself a request of a hundred million characters, again and again",
		act: {
			after: "server.Take = () => 1;",
			onCommand: "const big = 'x'.repeat(1e8); for (let i = 0; i < 10; i++) void peers[me].call('Take', [big, i]);",
		},
		gets: stopped(MEMORY),
	},
	{
		name: "huge-state",
		tries: "saves a state of 100 MB whenever a command comes",
		act: {
			onCommand:
				"persister.save(new Uint8Array(1e8).fill(1), new Uint8Array(1e8).fill(2)); persister.save(new Uint8Array(2e8).fill(1), new Uint8Array(2e8).fill(2)); persister.save(new Uint8Array(3e8).fill(1), new Uint8Array(3e8).fill(2)); for (const all = []; ; ) all.push(persister.readRaftState());",
		},
		gets: stopped(MEMORY),
	},
	{
		name: "unread-log",
		tries: "logs a megabyte a thousand times",
		act: { after: "const line = 'x'.repeat(1e6); for (let i = 0; i < 1000; i++) console.log(line, i);" },
		gets: NOTHING,
	},
	{
		name: "log-when-explained",
		tries: "fails, and logs gigabytes, which are only kept when the run is explained",
		act: {
			onCommand:
				"const line = 'x'.repeat(1e6); for (let i = 0; i < 3000; i++) console.log(line + i); throw new Error('as judged');",
		},
		gets: fails(/start\(\) threw: Error: as judged/),
	},
];
