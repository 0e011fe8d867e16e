import type { Reporter, ReporterContext } from "./reporter.ts";

/** Makes one reporter. */
type Maker = (context: ReporterContext) => Reporter;

/** Each reporter's code is loaded only when it is asked for: most gradings need one of them. */
const makers = {
	table: async () => {
		const { TableReporter } = await import("./table.ts");
		return () => new TableReporter();
	},
	spec: async () => (await import("./spec.ts")).specReporter,
	json: async () => (await import("./json.ts")).jsonReporter,
	junit: async () => (await import("./junit.ts")).junitReporter,
	tap: async () => (await import("./tap.ts")).tapReporter,
	markdown: async () => (await import("./markdown.ts")).markdownReporter,
	github: async () => (await import("./github.ts")).githubReporter,
	gradescope: async () => (await import("./gradescope.ts")).gradescopeReporter,
} satisfies Readonly<Record<string, () => Promise<Maker>>>;

/** What `--reporter` can name. */
export type ReporterName = keyof typeof makers;

/** All of them, in the order in which a person should read of them. */
export const reporterNames = Object.keys(makers) as readonly ReporterName[];

/** Whether there is a reporter of that name. */
export function isReporterName(name: string): name is ReporterName {
	return Object.hasOwn(makers, name);
}

/** Loads and makes a reporter, for one grading. */
export async function makeReporter(name: ReporterName, context: ReporterContext): Promise<Reporter> {
	const make: Maker = await makers[name]();
	return make(context);
}
