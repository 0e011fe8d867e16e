import { type At, type History, restartBetween, timeOf } from "./history.ts";
import { inOrder, type Step, type Story } from "./story.ts";

/** A server's term has gone back: what it had told, what it had saved by then, and what it came back with. */
export function tellTermBack(history: History, server: number): Story {
	const { changes, saves, calls, lives } = history;
	const own = changes.filter((change) => change.server === server);
	const last = own.at(-1);
	if (last === undefined) return { steps: [] };
	const high = own.findLast(({ term, at }) => term > last.term && at < last.at);
	if (high === undefined) return { steps: [] };
	const entered = own.find(({ term }) => term === high.term) ?? high;
	const step = (event: At, text: string): Step => ({ atMs: timeOf(history, event), server, event, text });
	const steps = [step(entered.at, `S${server} is in term ${entered.term}`)];
	const restart = restartBetween(history, server, entered.at, last.at);
	if (restart === undefined) {
		const heard = calls.findLast(
			(call) =>
				(call.to === server && (call.deliveredAt ?? last.at) < last.at) ||
				(call.from === server && (call.repliedAt ?? last.at) < last.at),
		);
		if (heard !== undefined) {
			const isReply = heard.from === server;
			const event = (isReply ? heard.repliedAt : heard.deliveredAt) as At;
			const what = isReply ? `a reply of S${heard.to}` : `a request of S${heard.from}`;
			steps.push(step(event, `S${server} gets ${what}`));
		}
		const verdict = step(last.at, `S${server} goes back to term ${last.term} without having restarted`);
		return {
			steps: inOrder([...steps, verdict]),
			culprit: { server, event: last.at, wrong: "set-its-term-back" },
		};
	}
	const crash = lives.find(({ server: each, crashedAt }) => each === server && (crashedAt ?? 0) > entered.at);
	const crashedAt = crash?.crashedAt ?? restart.bootedAt;
	const told = calls.find(
		(call) =>
			(call.from === server && call.caller?.term === entered.term) ||
			(call.to === server && call.answerer?.term === entered.term && call.answeredAt !== undefined),
	);
	const toldAt = told === undefined ? undefined : told.from === server ? told.sentAt : (told.answeredAt as At);
	if (told !== undefined && toldAt !== undefined) {
		const whom = told.from === server ? `asks S${told.to}` : `answers S${told.from}`;
		steps.push(step(toldAt, `S${server} ${whom}: now others know that it was in term ${entered.term}`));
	}
	const enteredMs = timeOf(history, toldAt === undefined ? entered.at : Math.min(toldAt, entered.at));
	const saved = saves.findLast((save) => save.server === server && save.at < crashedAt);
	const isSince = saved !== undefined && saved.atMs >= enteredMs;
	const what = saved === undefined ? "has never saved anything" : `last saved at ${(saved.atMs / 1000).toFixed(3)} s`;
	steps.push(
		step(
			crashedAt,
			`S${server} crashes; it ${what}${isSince ? ": with its term or without" : ", before it was in that term"}`,
		),
		step(restart.bootedAt, `S${server} restarts from what it has saved`),
		step(last.at, `S${server} is back in term ${last.term}`),
	);
	return { steps: inOrder(steps), culprit: { server, event: restart.bootedAt, wrong: "forgot-its-term" } };
}
