/** What came of a hostile submission. */
export interface Verdicts {
	/** Why nothing was run, if nothing was. */
	readonly unusable: string | undefined;
	/** The tests all of whose runs passed. */
	readonly passed: readonly string[];
	readonly failures: readonly { readonly test: string; readonly message: string; readonly contained: boolean }[];
	/** Everything that anybody was told. */
	readonly said: string;
}
