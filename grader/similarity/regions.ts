import { type ComparedSource, FINGERPRINT_TOKENS, type PrintPlace, type SimilarPair } from "./compare.ts";

/** A run of tokens that two submissions share. */
export interface Region {
	readonly a: RegionSide;
	readonly b: RegionSide;
	/** How long it is. */
	readonly tokens: number;
}

export interface RegionSide {
	/** The index of the file. */
	readonly file: number;
	/** The first and the last line, from 1. */
	readonly fromLine: number;
	readonly toLine: number;
}

/** What occurs more often than this in a submission is a pattern in a table of data; where it matches is not followed up. */
const OCCURRENCES_MAX = 8;

/**
 * The runs of tokens that two submissions share, the longest first; none overlaps another. A run begins where a fingerprint is the same, goes as
 * far as the tokens are, and ends where the template begins.
 */
export function matchedRegions({ a, b }: SimilarPair): Region[] {
	const runs: Run[] = [];
	const seen = new Set<string>();
	for (const [hash, places] of a.prints) {
		const others = b.prints.get(hash);
		if (others === undefined || places.length > OCCURRENCES_MAX || others.length > OCCURRENCES_MAX) continue;
		for (const here of places) {
			for (const there of others) {
				const run = widest(a, here, b, there);
				// Several fingerprints lie in one run.
				const key = `${run.a.file} ${run.a.start} ${run.b.file} ${run.b.start}`;
				if (run.length < FINGERPRINT_TOKENS / 2 || seen.has(key)) continue;
				seen.add(key);
				runs.push(run);
			}
		}
	}
	runs.sort((x, y) => y.length - x.length || x.a.file - y.a.file || x.a.start - y.a.start || x.b.start - y.b.start);
	const taken = [a, b].map(({ files }) => files.map(({ tokens }) => tokens.map(() => false)));
	const isFree = (side: number, { file, start }: PrintPlace, length: number) => {
		const all = taken[side]?.[file] ?? [];
		// A longer run has been taken before: a shorter one can only overlap it at an end.
		return all[start] !== true && all[start + length - 1] !== true;
	};
	const regions: Region[] = [];
	for (const run of runs) {
		if (!isFree(0, run.a, run.length) || !isFree(1, run.b, run.length)) continue;
		for (const [side, { file, start }] of [run.a, run.b].entries())
			taken[side]?.[file]?.fill(true, start, start + run.length);
		regions.push({
			a: sideOf(a, run.a, run.length),
			b: sideOf(b, run.b, run.length),
			tokens: run.length,
		});
	}
	return regions;
}

interface Run {
	readonly a: PrintPlace;
	readonly b: PrintPlace;
	readonly length: number;
}

function widest(a: ComparedSource, here: PrintPlace, b: ComparedSource, there: PrintPlace): Run {
	const isSame = (offset: number) => {
		const [i, j] = [here.start + offset, there.start + offset];
		const token = a.files[here.file]?.tokens[i];
		return (
			token !== undefined &&
			token === b.files[there.file]?.tokens[j] &&
			a.isTemplate[here.file]?.[i] === false &&
			b.isTemplate[there.file]?.[j] === false
		);
	};
	// The first of a fingerprint's tokens may still be the template's.
	let from = 0;
	while (from < FINGERPRINT_TOKENS && !isSame(from)) from++;
	let to = from;
	while (isSame(to)) to++;
	while (from > 0 - here.start && isSame(from - 1)) from--;
	return {
		a: { file: here.file, start: here.start + from },
		b: { file: there.file, start: there.start + from },
		length: to - from,
	};
}

function sideOf({ files }: ComparedSource, { file, start }: PrintPlace, length: number): RegionSide {
	const lines = files[file]?.lines.slice(start, start + length) ?? [];
	return { file, fromLine: Math.min(...lines), toLine: Math.max(...lines) };
}
