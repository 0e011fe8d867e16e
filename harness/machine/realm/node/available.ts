/**
 * The Node modules that a simulated machine has, by their names without `node:`. The host's bundler reads this list too:
 * an import of any other Node module is refused when the submission is loaded, before it runs.
 */
export const AVAILABLE_MODULES: readonly string[] = [
	"assert",
	"assert/strict",
	"buffer",
	"console",
	"crypto",
	"events",
	"path",
	"path/posix",
	"perf_hooks",
	"process",
	"string_decoder",
	"timers",
	"timers/promises",
	"util",
	"util/types",
];
