import { describeEvent, methodsIn, serversOf } from "../report/describe-event.ts";
import type { History } from "./history.ts";
import { inOrder, type Step, type Story } from "./story.ts";

/** How many of a server's last doings are told. */
const TOLD_MAX = 5;

/** One server did something wrong by itself (it threw, or applied in the wrong order): what it was doing. */
export function tellDoings({ events, lives }: History, server: number, isTold: (kind: string) => boolean): Story {
	const end = events.findLastIndex(({ kind }) => kind === "failure");
	const methods = methodsIn(events);
	const own: Step[] = [];
	for (let at = end < 0 ? events.length - 1 : end - 1; at >= 0 && own.length < TOLD_MAX; at--) {
		const event = events[at];
		if (event === undefined || !isTold(event.kind) || !serversOf(event).includes(server)) continue;
		own.push({ atMs: event.atMs, server, event: at, text: `S${server} ${describeEvent(event, methods)}` });
	}
	const boot = lives.findLast((life) => life.server === server && life.incarnation > 0);
	if (boot !== undefined && !own.some(({ event }) => event === boot.bootedAt)) {
		own.push({ atMs: events[boot.bootedAt]?.atMs ?? 0, server, event: boot.bootedAt, text: `S${server} restarts` });
	}
	return { steps: inOrder(own) };
}
