import type { Candidacy } from "./elections.ts";
import { type At, type History, standingBefore, timeOf } from "./history.ts";

/** A server stood for election although there was a leader that it could hear. */
export interface NeedlessElection {
	readonly candidacy: Candidacy;
	readonly leader: number;
	/** The leader's term. */
	readonly term: number;
	/** How long the candidate had heard nothing from that leader, in virtual milliseconds; undefined: it never had, in that term. */
	readonly silentMs: number | undefined;
}

/** Of elections, those for which there was no need: the candidate and a leader were up, and connected. */
export function needlessElections(history: History, candidacies: readonly Candidacy[]): readonly NeedlessElection[] {
	return candidacies.flatMap((candidacy) => {
		const { candidate, stoodAt } = candidacy;
		if (isCutOff(history, candidate, stoodAt)) return [];
		const leaders = Array.from({ length: history.servers }, (_, server) => server)
			.filter((server) => server !== candidate && !isCutOff(history, server, stoodAt))
			.map((server) => ({ server, standing: standingBefore(history, server, stoodAt) }))
			.filter(({ standing }) => standing?.isLeader === true)
			.sort((a, b) => (b.standing?.term ?? 0) - (a.standing?.term ?? 0));
		const [first] = leaders;
		if (first?.standing === undefined) return [];
		const { server: leader, standing } = first;
		const heard = history.calls.findLast(
			({ from, to, caller, deliveredAt = stoodAt }) =>
				from === leader && to === candidate && caller?.isLeader === true && deliveredAt < stoodAt,
		);
		const silentMs =
			heard?.deliveredAt === undefined || heard.caller?.term !== standing.term
				? undefined
				: timeOf(history, stoodAt) - timeOf(history, heard.deliveredAt);
		return [{ candidacy, leader, term: standing.term, silentMs }];
	});
}

function isCutOff({ cuts }: History, server: number, at: At): boolean {
	return cuts.some((cut) => cut.server === server && cut.from < at && (cut.until ?? at) >= at);
}
