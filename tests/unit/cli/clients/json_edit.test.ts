import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { setMember } from "../../../../src/cli/clients/json_edit.ts";

const ENTRY = { command: "x", args: ["a"] };

test("setMember adds a member behind the last, and leaves comments, commas and indents alone", () => {
  const before = `{
	// mine
	"servers": {
		"a": { "command": "x" }, // keep
	}, /* and this */
	"inputs": []
}
`;
  assert.equal(
    setMember(before, ["servers", "b"], ENTRY),
    before.replace(
      "// keep\n",
      '// keep\n\t\t"b": {\n\t\t\t"command": "x",\n\t\t\t"args": [\n\t\t\t\t"a"\n\t\t\t]\n\t\t}\n',
    ),
  );
});

test("setMember puts the comma behind the member, not behind what is said about it", () => {
  assert.equal(
    setMember('{\n  "a": 1 // one\n}', ["b"], 2),
    '{\n  "a": 1, // one\n  "b": 2\n}',
  );
});

test("setMember replaces a value and nothing else", () => {
  const before = '{\n  "s": { "b": /* old */ { "command": "y" } , "c": 1 } // end\n}';
  assert.equal(setMember(before, ["s", "b", "command"], "z"), before.replace('"y"', '"z"'));
});

test("setMember makes the objects on the way, in empty ones too", () => {
  assert.equal(setMember("{}", ["s", "b"], 1), '{\n  "s": {\n    "b": 1\n  }\n}');
  assert.equal(setMember('{"s":{}}', ["s", "b"], 1), '{"s":{\n  "b": 1\n}}');
  assert.equal(setMember("{\n  // none yet\n}\n", ["s"], 1), '{\n  // none yet\n  "s": 1\n}\n');
  assert.equal(setMember('{"a":1}', ["s"], 1), '{"a":1,\n  "s": 1\n}');
});

test("setMember keeps the line ends of the file", () => {
  const text = setMember('{\r\n    "a": 1\r\n}\r\n', ["s"], { b: 1 });
  assert.equal(text, '{\r\n    "a": 1,\r\n    "s": {\r\n        "b": 1\r\n    }\r\n}\r\n');
});

test("setMember refuses what is no object", () => {
  assert.throws(() => setMember("[]", ["a"], 1), /must hold a JSON object/);
});

test("setMember changes that one member, whatever else there is", () => {
  const key = fc.string({ maxLength: 5 }).filter((key) => key !== "__proto__");
  const content = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue())));
  fc.assert(fc.property(
    content,
    key,
    key,
    fc.constantFrom(undefined, 2, "\t"),
    (content, outer, inner, indent) => {
      const known = content[outer];
      fc.pre(known === undefined || (typeof known === "object" && known !== null && !Array.isArray(known)));
      const text = setMember(JSON.stringify(content, null, indent), [outer, inner], ENTRY);
      const expected = { ...content, [outer]: { ...known, [inner]: ENTRY } };
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(expected)));
      assert.deepEqual(JSON.parse(setMember(text, [outer, inner], ENTRY)), JSON.parse(text));
    },
  ));
});
