/** What `util.inspect` can be told. Colours are taken and ignored: a log line is read in many places. */
export interface InspectOptions {
	showHidden: boolean;
	depth: number | null;
	colors: boolean;
	customInspect: boolean;
	maxArrayLength: number | null;
	maxStringLength: number | null;
	breakLength: number;
	compact: boolean | number;
	sorted: boolean | ((a: string, b: string) => number);
	getters: boolean | "get" | "set";
}

/** Node's own defaults. */
export function defaultOptions(): InspectOptions {
	return {
		showHidden: false,
		depth: 2,
		colors: false,
		customInspect: true,
		maxArrayLength: 100,
		maxStringLength: 10_000,
		breakLength: 80,
		compact: 3,
		sorted: false,
		getters: false,
	};
}

/** The state of one call of `inspect`. */
export interface Context extends InspectOptions {
	maxArrayLength: number;
	maxStringLength: number;
	/** Columns that the text being made is already indented by. */
	indentation: number;
	/** How deep the value now being formatted is. */
	currentDepth: number;
	/** The objects on the way here, outermost first. */
	seen: object[];
	/** Those of them that something inside refers back to, and the number that each is given. */
	circular: Map<object, number>;
}
