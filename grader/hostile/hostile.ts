/** A hostile submission, what it tries, and what it must get. */
export interface Hostile {
	/** Unique. */
	readonly name: string;
	/** One sentence, read after "It". */
	readonly tries: string;
	/** An act added to a solution. Without it, `files` holds the whole submission. */
	readonly act?: Act;
	/** Further files by name, relative to the submission's folder; `raft.ts` replaces the usual one. */
	readonly files?: Readonly<Record<string, string>>;
	/** Symbolic links in the submission's folder, and what they lead to. */
	readonly links?: Readonly<Record<string, string>>;
	/** Named pipes in the submission's folder. */
	readonly pipes?: readonly string[];
	/** Which tests it is given, if not {@link testsOf the usual ones}. */
	readonly tests?: readonly string[];
	readonly gets: Gets;
}

/** What every submission of the corpus is tested with if nothing else is said. In the first of them no command is given. */
export const TESTS = ["InitialElection", "BasicAgree", "Persist1"] as const;

/**
 * Code that goes around a solution, right or wrong. It can use `peers`, `me`, `persister` and `applyCh`, in `after` and `onCommand` also `server`, and
 * `found(what, value)`, which throws if the value belongs to anybody but this machine.
 */
export interface Act {
	/** When the module is loaded. */
	readonly module?: string;
	/** In make(), before the solution makes its server. */
	readonly before?: string;
	/** In make(), after it. */
	readonly after?: string;
	/** When start() is called: so, not in the first of {@link TESTS}. */
	readonly onCommand?: string;
}

/** What a hostile submission gets. */
export type Gets =
	/** Nothing: with the act, a right solution passes as it would without, and a wrong one fails. */
	| { readonly kind: "nothing" }
	/** These tests (by default those in which commands are given) fail, saying this; the others pass. */
	| {
			readonly kind: "failure";
			readonly says: RegExp;
			readonly in?: readonly string[];
			/** Whether the sandbox had to stop it. */
			readonly contained?: boolean | "either";
	  }
	/** It does harm to itself. What comes of that depends on Node's version; it is a verdict, and no better than without the act. */
	| { readonly kind: "harm" }
	/** It is not even run. */
	| { readonly kind: "unusable"; readonly says: RegExp };

/** The tests in which commands are given. */
export const WITH_COMMANDS: readonly string[] = ["BasicAgree", "Persist1"];
/** For what takes long: one with commands, and one without after it. */
export const ONE_WITH_COMMANDS: readonly string[] = ["BasicAgree", "InitialElection"];

/** The tests that it is given. */
export function testsOf({ tests, gets }: Hostile): readonly string[] {
	if (tests !== undefined) return tests;
	return gets.kind === "failure" && gets.contained !== undefined ? ONE_WITH_COMMANDS : TESTS;
}

/** Of these, the ones that it must fail. */
export function mustFail(hostile: Hostile): readonly string[] {
	const { gets } = hostile;
	if (gets.kind !== "failure") return [];
	const tests = testsOf(hostile);
	return gets.in === undefined ? tests : tests.filter((test) => gets.in?.includes(test));
}

export const NOTHING: Gets = { kind: "nothing" };

/** Fails where commands are given. */
export function fails(says: RegExp): Gets {
	return { kind: "failure", says, in: WITH_COMMANDS };
}

/** Fails everywhere. */
export function failsAll(says: RegExp): Gets {
	return { kind: "failure", says };
}

/** Has to be stopped where commands are given. */
export function stopped(says: RegExp): Gets {
	return { kind: "failure", says, in: WITH_COMMANDS, contained: true };
}

export function unusable(says: RegExp): Gets {
	return { kind: "unusable", says };
}
