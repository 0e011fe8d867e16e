/** What run_autograder is to do. */
export interface RunScript {
	/** What to grade and how: the words and options of a grading, but for the target and the reports. */
	readonly args: readonly string[];
	/** Real seconds after which the grading is stopped, and what is done so far is reported. */
	readonly limitS: number;
}

/** Where things are, and why that can be said from outside: our tests lay out a folder as Gradescope lays out its container. */
const ROOT = `root="\${AUTOGRADER_ROOT:-/autograder}"
export PATH="$root/node/bin:$PATH"`;

/**
 * The script that Gradescope runs once, as root, while it builds the image. It may use the network.
 *
 * @param nodeVersion - the version of Node to install, as in v22.20.0, unless the image has one that will do.
 * @param args - what every submission is going to be graded by. The reference is graded by it once, so that what cannot work is known now.
 */
export function setupScript(nodeVersion: string, args: readonly string[]): string {
	return `#!/usr/bin/env bash
# Made by raft-grade. Gradescope runs this once, while it builds the image: it
# installs Node and raft-grade, and then grades the reference solution. Only
# here is the network needed.
set -euo pipefail
${ROOT}
cd "$root/source"

will_do() {
	node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

if ! will_do; then
	apt-get update
	apt-get install -y --no-install-recommends ca-certificates curl
	case "$(uname -m)" in
		x86_64) machine=x64 ;;
		aarch64 | arm64) machine=arm64 ;;
		*) echo "there is no Node for a machine of kind $(uname -m)" >&2; exit 1 ;;
	esac
	archive="node-${nodeVersion}-linux-$machine.tar.gz"
	curl -fsSLO "https://nodejs.org/dist/${nodeVersion}/$archive"
	curl -fsSL "https://nodejs.org/dist/${nodeVersion}/SHASUMS256.txt" | grep " $archive\\$" | sha256sum -c -
	mkdir -p "$root/node"
	tar -xzf "$archive" -C "$root/node" --strip-components=1
	rm "$archive"
fi

# Nothing that a package brings along is run.
npm install --omit=dev --ignore-scripts --no-audit --no-fund

cd "$root"
node source/node_modules/raft-grade/grader/bin.js${shellWords([...args, "--race-repeat", "1"])} --target reference
`;
}

/** The script that Gradescope runs for each submission. It uses no network, and leaves a results.json behind whatever happens. */
export function runScript({ args, limitS }: RunScript): string {
	return `#!/usr/bin/env bash
# Made by raft-grade. Gradescope runs this for each submission. The grading is
# the command below; what it prints is for course staff only.
set -u
${ROOT}
export NO_COLOR=1
results="$root/results/results.json"

# Should the grading be killed or crash, then this is the result.
mkdir -p "$root/results"
cp "$root/source/no-result.json" "$results"

# Where an upload is one folder, the submission is in there.
submission="$root/submission"
for _ in 1 2 3; do
	shopt -s nullglob
	entries=()
	for entry in "$submission"/*; do
		[[ "$entry" == */__MACOSX ]] || entries+=("$entry")
	done
	[[ \${#entries[@]} -eq 1 && -d "\${entries[0]}" && ! -L "\${entries[0]}" && "\${entries[0]}" != */src ]] || break
	submission="\${entries[0]}"
done

cd "$root"
timeout --signal=INT --kill-after=20 ${limitS} \\
	node source/node_modules/raft-grade/grader/bin.js${shellWords(args)} \\
	--target "$submission" --reporter table --reporter "gradescope=$results"
echo "raft-grade ended with code $?"
`;
}

/** Words as a shell takes them, each with a space before it. */
function shellWords(words: readonly string[]): string {
	return words
		.map((word) => (/^[\w./@+,-]+$/.test(word) ? ` ${word}` : ` '${word.replaceAll("'", `'\\''`)}'`))
		.join("");
}
