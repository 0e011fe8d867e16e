import { WinnowFilter } from "@dodona/dolos-core";
import { median } from "../statistics.ts";
import { type TokenizedFile, tokenize } from "./tokens.ts";

/** Something that was handed in, as far as it is source text. */
export interface SourceText {
	/** Who it is of, in words that tell it from the others. */
	readonly name: string;
	readonly files: readonly { readonly name: string; readonly text: string }[];
	/** Why it could not be read, if it could not: a sentence. */
	readonly unreadable?: string;
}

/** Two submissions that are more alike than chance makes them. */
export interface SimilarPair {
	readonly a: ComparedSource;
	readonly b: ComparedSource;
	/** How much of what is rare and not the template's in the one is in the other as well, 0 to 1; of the one with less of it. */
	readonly share: number;
}

/** A submission that was compared. */
export interface ComparedSource {
	readonly name: string;
	readonly files: readonly TokenizedFile[];
	/** For each file and token, whether it stands there as in the template. */
	readonly isTemplate: readonly (readonly boolean[])[];
	/** How many tokens are its own: not as in the template. */
	readonly ownTokens: number;
	/** Where its fingerprints were taken, but for the template's. */
	readonly prints: ReadonlyMap<number, readonly PrintPlace[]>;
}

/** What came of comparing each with each. */
export interface SimilarityReport {
	/** How many were compared. */
	readonly compared: number;
	/** Those that are alike beyond chance, the most alike first. */
	readonly pairs: readonly SimilarPair[];
	/** The share in the middle of all pairs: what chance, the task and the course make alike. */
	readonly median: number;
	/** From which share on a pair is reported. */
	readonly limit: number;
	/** The most alike of the pairs that are not reported; undefined if there is none. */
	readonly next: { readonly a: string; readonly b: string; readonly share: number } | undefined;
	/** Submissions, and files of submissions, that were not compared, and why. */
	readonly notes: readonly { readonly name: string; readonly note: string }[];
}

/** A fingerprint is of so many tokens, some two or three lines. */
export const FINGERPRINT_TOKENS = 16;

/**
 * Of the prints of so many fingerprints in a row at least one is kept. So whatever two submissions share in a run of FINGERPRINT_TOKENS + WINDOW − 1
 * tokens, some three or four lines, is found.
 */
const WINDOW = 10;

/** With fewer tokens of its own, some ten or fifteen lines, a submission says nothing. */
const OWN_TOKENS_MIN = 150;

/** A submission of more is not the work of one student in this lab. */
const TOKENS_MAX = 30_000;

/**
 * Solutions that were written independently of each other share up to 7 %: measured with those that raft-grade has (compare.test.ts). From three
 * times as much on, chance is no explanation.
 */
const LIMIT_MIN = 0.25;

/** Who shares as much has much in common, even if half of the class has. */
const LIMIT_MAX = 0.6;

/** A pair is beyond chance if it is so many standard deviations above the median of all pairs: of 80,000 pairs, chance makes none. */
const DEVIATIONS = 6;

/** From the median of absolute deviations to a standard deviation, if most of the pairs are spread normally. */
const MAD_TO_DEVIATION = 1.4826;

/** How rare something is, is judged as if the class had so many submissions more: two alike in a class of two are not what everybody has. */
const IMAGINED = 8;

/**
 * Finds the pairs of submissions that are alike beyond chance. Submissions are only read, never run.
 *
 * Fingerprints of normalised tokens (winnowing) stand for each; those of the template don't count, and those that many have count for little.
 * The pairs are counted up fingerprint by fingerprint; only pairs that are reported are compared token by token.
 *
 * @param template - what all have begun with.
 */
export async function findSimilar(submissions: readonly SourceText[], template: SourceText): Promise<SimilarityReport> {
	const prints = new Prints(await readAll(template, () => {}));
	const notes: { name: string; note: string }[] = [];
	const compared: ComparedSource[] = [];
	for (const submission of submissions) {
		const note = (text: string) => notes.push({ name: submission.name, note: text });
		if (submission.unreadable !== undefined) {
			note(submission.unreadable);
			continue;
		}
		const files = await readAll(submission, note);
		const source = prints.of(submission.name, files);
		if (source.ownTokens >= OWN_TOKENS_MIN) compared.push(source);
		else if (notes.at(-1)?.name !== submission.name) note("too little that is not the template's to be compared");
	}

	const shares = shareOfEach(compared);
	const all = [...shares].map(({ share }) => share);
	const middle = all.length === 0 ? 0 : median(all);
	const spread = all.length === 0 ? 0 : MAD_TO_DEVIATION * median(all.map((share) => Math.abs(share - middle)));
	const limit = Math.min(LIMIT_MAX, Math.max(LIMIT_MIN, middle + DEVIATIONS * spread));
	const ranked = shares.filter(({ share }) => share > 0).sort((x, y) => y.share - x.share || x.i - y.i || x.j - y.j);
	const first = ranked.findIndex(({ share }) => share < limit);
	const reported = first < 0 ? ranked : ranked.slice(0, first);
	const next = first < 0 ? undefined : ranked[first];
	const of = (index: number) => compared[index] as ComparedSource;
	return {
		compared: compared.length,
		pairs: reported.map(({ i, j, share }) => ({ a: of(i), b: of(j), share })),
		median: middle,
		limit,
		next: next && { a: of(next.i).name, b: of(next.j).name, share: next.share },
		notes,
	};
}

async function readAll({ files }: SourceText, note: (text: string) => void): Promise<TokenizedFile[]> {
	const tokenized: TokenizedFile[] = [];
	let tokens = 0;
	for (const [done, { name, text }] of files.entries()) {
		// The largest of solutions has a fifth of that.
		if (tokens > TOKENS_MAX) {
			note(`too large: ${files.length - done} of ${files.length} files are left out`);
			break;
		}
		const file = await tokenize(name, text);
		if (typeof file === "string") note(file);
		else if (file.tokens.length > TOKENS_MAX) note(`${name} is too large: ${file.tokens.length} words and signs`);
		else {
			tokens += file.tokens.length;
			tokenized.push(file);
		}
	}
	return tokenized;
}

/** Where a fingerprint was taken. */
export interface PrintPlace {
	readonly file: number;
	/** The first token of it. */
	readonly start: number;
}

/** Takes fingerprints, but not of what is the template's. */
class Prints {
	readonly #every = new WinnowFilter(FINGERPRINT_TOKENS, 1, false);
	readonly #some = new WinnowFilter(FINGERPRINT_TOKENS, WINDOW, false);
	readonly #template: ReadonlySet<number>;

	constructor(template: readonly TokenizedFile[]) {
		this.#template = new Set(
			template.flatMap(({ tokens }) => this.#every.fingerprints([...tokens])).map(({ hash }) => hash),
		);
	}

	of(name: string, files: readonly TokenizedFile[]): ComparedSource {
		const prints = new Map<number, PrintPlace[]>();
		const isTemplate = files.map(({ tokens }) => this.#templateTokens(tokens));
		for (const [file, { tokens }] of files.entries()) {
			for (const { hash, start, stop } of this.#some.fingerprints([...tokens])) {
				const known = isTemplate[file]?.slice(start, stop + 1).filter((is) => is).length ?? 0;
				// What stands at the edge of a gap that everybody fills is mostly the template's.
				if (this.#template.has(hash) || known > FINGERPRINT_TOKENS / 2) continue;
				const found = prints.get(hash);
				if (found === undefined) prints.set(hash, [{ file, start }]);
				else found.push({ file, start });
			}
		}
		const ownTokens = isTemplate.reduce((sum, all) => sum + all.filter((is) => !is).length, 0);
		return { name, files, isTemplate, ownTokens, prints };
	}

	#templateTokens(tokens: readonly string[]): boolean[] {
		const isTemplate = tokens.map(() => false);
		for (const { hash, start, stop } of this.#every.fingerprints([...tokens]))
			if (this.#template.has(hash)) isTemplate.fill(true, start, stop + 1);
		return isTemplate;
	}
}

/** The share of each pair. */
function shareOfEach(compared: readonly ComparedSource[]): { i: number; j: number; share: number }[] {
	const count = compared.length;
	const having = new Map<number, number[]>();
	for (const [i, { prints }] of compared.entries()) {
		for (const hash of prints.keys()) {
			const found = having.get(hash);
			if (found === undefined) having.set(hash, [i]);
			else found.push(i);
		}
	}
	const own = new Float64Array(count);
	const common = new Float64Array(count * count);
	for (const holders of having.values()) {
		const weight = rarity(holders.length, count);
		for (const [n, i] of holders.entries()) {
			own[i] = (own[i] as number) + weight;
			for (let m = n + 1; m < holders.length; m++) {
				const at = i * count + (holders[m] as number);
				common[at] = (common[at] as number) + weight;
			}
		}
	}
	const shares: { i: number; j: number; share: number }[] = [];
	for (let i = 0; i < count; i++) {
		for (let j = i + 1; j < count; j++) {
			const least = Math.min(own[i] as number, own[j] as number);
			shares.push({ i, j, share: least === 0 ? 0 : (common[i * count + j] as number) / least });
		}
	}
	return shares;
}

/** What a fingerprint counts: 1 if one or two have it, and hardly anything if all do. */
function rarity(holders: number, all: number): number {
	const most = all + IMAGINED;
	return Math.min(1, Math.log(most / holders) / Math.log(most / 2));
}
