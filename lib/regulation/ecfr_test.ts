import assert from "node:assert/strict";
import fc from "fast-check";
import { Problem } from "../problem.ts";
import { repositoryPath } from "../../tests/support/shared.ts";
import { chapterXml, parse, section, sectionXml, words } from "./ecfr_test_support.ts";

const kinds = (body: string) => section(body).paragraphs.map((one) => one.kind);
const anchors = (body: string, number?: string, title?: string) =>
  section(body, number, title).paragraphs.map((one) => one.anchor);

Deno.test("a section knows its number, title, order and the headings above it", () => {
  const { sections, summary } = parse(
    chapterXml(sectionXml("<P>One.</P>") + sectionXml("", "15.102", "[Reserved]")),
  );
  assert.deepEqual(
    sections.map(({ number, title, order, reserved }) => [number, title, order, reserved]),
    [
      ["15.101", "Test", 0, false],
      ["15.102", "[Reserved]", 1, true],
    ],
  );
  assert.deepEqual(sections[0].path, [
    { type: "subchapter", number: "A", title: "GENERAL" },
    { type: "part", number: "15", title: "NEGOTIATION" },
    { type: "subpart", number: "15.1", title: "Sources" },
  ]);
  assert.equal(summary.title, "TEST CHAPTER");
  assert.equal(summary.collection, "far");
});

Deno.test("any root will do, and the collection comes from the data", () => {
  const one = sectionXml("<P>One.</P>");
  const part = `<DIV5 N="15" TYPE="PART"><HEAD>PART 15—X</HEAD>${one}</DIV5>`;
  for (
    const xml of [
      `<ECFR><DIV1 N="48" TYPE="TITLE"><DIV3 N="1" TYPE="CHAPTER">${part}</DIV3></DIV1></ECFR>`,
      `<DIV1 N="1" TYPE="TITLE"><HEAD>Title 48</HEAD><DIV3 N="1" TYPE="CHAPTER">${part}</DIV3></DIV1>`,
      part,
      one,
    ]
  ) assert.equal(parse(xml).summary.collection, "far", xml);
  assert.equal(parse(sectionXml("<P>x</P>", "215.101")).summary.collection, "dfars");
  assert.equal(parse(chapterXml(one, "2")).summary.collection, "dfars");
});

Deno.test("the text is the paragraphs joined by line breaks, with white space folded", () => {
  const one = section("<P>  (a) First\n   line\u00A0here.\u200B </P>\n<P>Sec\u200Bond.</P>");
  assert.equal(one.text, "(a) First line here.\nSecond.");
  assert.deepEqual(one.paragraphs.map((p) => [p.start, p.end]), [[0, 20], [21, 28]]);
});

Deno.test("every kind of block keeps its text and its kind", () => {
  assert.deepEqual(
    kinds(
      "<P>a</P><FP>b</FP><FP-1>c</FP-1><FP1-2>d</FP1-2><EXTRACT>loose <I>text</I> here<HD1>e</HD1><HD3>f</HD3><P>g</P></EXTRACT>" +
        "<NOTE><HED>Note:</HED><P>h</P></NOTE><CITA TYPE='N'>[1 FR 2]</CITA><XREF ID='1'>Link</XREF><SECAUTH>x</SECAUTH><FOO>new</FOO>",
    ),
    [
      "text",
      "flush",
      "flush",
      "flush",
      "text",
      "heading",
      "heading",
      "text",
      "note",
      "note",
      "source",
      "note",
      "source",
      "text",
    ],
  );
});

Deno.test("no words are lost, whatever the elements are called", () => {
  const name = fc.constantFrom(
    "P",
    "FP",
    "EXTRACT",
    "HD1",
    "NOTE",
    "BAR",
    "E",
    "I",
    "SU",
    "XREF",
    "DIV",
    "LI",
  );
  const node: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,6}){0,3}$/).map((text) => ` ${text} `),
      fc.tuple(name, fc.array(tie("node"), { maxLength: 4 })).map(([tag, inner]) =>
        `<${tag}>${inner.join("")}</${tag}>`
      ),
    ),
  })).node;
  fc.assert(fc.property(fc.array(node, { maxLength: 6 }), (nodes) => {
    const body = nodes.join("");
    assert.deepEqual(
      section(body).text.split(/\s+/).filter(Boolean),
      body.replace(/<[^>]*>/g, " ").split(/\s+/).filter(Boolean),
    );
  }));
});

Deno.test("inline markup becomes spans of the paragraph", () => {
  const one = section(
    'x<P>(a) <I>Very  nice.</I> Area<SU>2</SU>, H<SUB>2</SUB>O, <E T="04">bold</E> <E T="03">it</E></P>',
  ).paragraphs[1];
  const text = "(a) Very nice. Area2, H2O, bold it";
  assert.deepEqual(one.spans?.map((span) => [text.slice(span.start, span.end), span.style]), [
    ["Very nice.", "italic"],
    ["2", "sup"],
    ["2", "sub"],
    ["bold", "bold"],
    ["it", "italic"],
  ]);
});

Deno.test("images are left out and entities are read", () => {
  assert.equal(section("<P>a<img src='x'/>&nbsp;b &amp; c&mdash;d</P>").text, "a b & c—d");
});

Deno.test("a GPOTABLE is a table with its head, caption and notes", () => {
  const one = section(
    "<GPOTABLE><TTITLE>Caption</TTITLE><BOXHD><CHED H='1'>A</CHED><CHED H='1'>B</CHED><CHED H='2'>B1</CHED><CHED H='2'>B2</CHED></BOXHD>" +
      "<ROW><ENT I='01'>1</ENT><ENT>2</ENT><ENT>3<SU>*</SU></ENT></ROW><ROW><ENT>4</ENT><ENT/><ENT>6</ENT></ROW><TNOTE>* Five.</TNOTE></GPOTABLE><P>After.</P>",
  );
  assert.deepEqual(one.paragraphs.map((p) => p.kind), ["heading", "table", "note", "text"]);
  assert.deepEqual(one.paragraphs[1].table, {
    headerRows: 2,
    rows: [["A", "B", ""], ["", "B1", "B2"], ["1", "2", "3*"], ["4", "", "6"]],
  });
  assert.equal(words(one, 1), "A\tB\t\n\tB1\tB2\n1\t2\t3*\n4\t\t6");
});

Deno.test("an HTML table is a table too, also inside a paragraph", () => {
  const one = section(
    "<P>(a) Before<TABLE><CAPTION>C</CAPTION><THEAD><TR><TH>A</TH></TR></THEAD><TBODY><TR><TD><P>1</P><P>2</P></TD></TR></TBODY></TABLE>after</P>",
  );
  assert.deepEqual(one.paragraphs.map((p) => p.kind), ["text", "heading", "table", "text"]);
  assert.deepEqual(one.paragraphs[2].table, { headerRows: 1, rows: [["A"], ["1 2"]] });
});

Deno.test("anchors follow the designators; undesignated paragraphs are numbered", () => {
  assert.deepEqual(
    anchors("<P>Lead:</P><P>(a) A</P><P>(1)(i) B</P><P>(ii) C</P><P>More.</P><P>(b) D</P>"),
    [
      "p-1",
      "a",
      "a-1-i",
      "a-1-ii",
      "p-5",
      "b",
    ],
  );
});

Deno.test("paragraph (p)(3) has the anchor p-3 although an undesignated paragraph is third", () => {
  const letters = "abcdefghijklmnop".split("").map((one) => `<P>(${one}) X</P>`).join("");
  const found = anchors(
    `<P>One.</P><P>Two.</P><P>Three.</P>${letters}<P>(1) A</P><P>(2) B</P><P>(3) C</P>`,
  );
  assert.equal(found.at(-1), "p-3");
  assert.deepEqual(found.slice(0, 3), ["p-1_2", "p-2_2", "p-3_2"]);
});

Deno.test("a designator that occurs again gets an anchor of its own", () => {
  assert.deepEqual(
    anchors("<P>(a) A</P><P>(b) B</P><HD1>Form</HD1><P>(a) C</P><P>(b) D</P>"),
    ["a", "b", "p-3", "a_2", "b_2"],
  );
});

Deno.test("definitions are addressable by term, and so are the paragraphs below them", () => {
  const one = section(
    "<P>As used in this part-</P><P><I>Bundle</I>—</P><P>(1) Means a thing-</P><P>(i) Of wood; or</P><P>(ii) Of tin.</P><P>“Crate” means a box.</P>",
    "15.001",
    "Definitions.",
  );
  assert.deepEqual(one.paragraphs.map((p) => [p.anchor, p.kind, p.term, p.designator]), [
    ["p-1", "text", undefined, ""],
    ["def-bundle", "definition", "Bundle", ""],
    ["def-bundle-1", "text", undefined, "(1)"],
    ["def-bundle-1-i", "text", undefined, "(1)(i)"],
    ["def-bundle-1-ii", "text", undefined, "(1)(ii)"],
    ["def-crate", "definition", "Crate", ""],
  ]);
});

Deno.test("a clause knows its date, its prescription and its alternates", () => {
  const one = section(
    "<P>As prescribed in 15.209(a) and (b), insert the following provision:</P><EXTRACT><HD1>Test (NOV 2023)</HD1>" +
      "<P>(a) Definitions. As used in this provision—</P><P>“Thing” means it.</P><P>(b) Do it.</P><FP>(End of provision)</FP>" +
      "<P>Alternate I (Sept1996). As prescribed in 15.209(c), substitute the following paragraph (b):</P><P>(b)(1) Don't.</P><P>(2) Or do.</P></EXTRACT>" +
      "<HD1>Alternate II</HD1><P>(d) Never.</P>",
    "52.215-1",
    "Instructions.",
  );
  assert.deepEqual(one.clause, {
    kind: "provision",
    date: "Nov 2023",
    prescribedAt: ["15.209(a)", "15.209(b)"],
    alternates: [
      { name: "Alternate I", date: "Sep 1996", anchor: "alt-i" },
      { name: "Alternate II", anchor: "alt-ii" },
    ],
  });
  assert.deepEqual(one.paragraphs.map((p) => p.anchor), [
    "p-1",
    "p-2",
    "a",
    "def-thing",
    "b",
    "p-6",
    "alt-i",
    "p-8",
    "alt-i-b-1",
    "alt-i-b-2",
    "alt-ii",
    "alt-ii-d",
  ]);
  assert.equal(words(one, 6), "Alternate I (Sept1996).");
});

Deno.test("duplicate numbers and empty sections are kept and reported", () => {
  const { sections, summary } = parse(chapterXml(
    sectionXml("<P>1</P>") + sectionXml("<P>2</P>") + sectionXml("", "15.102") +
      sectionXml("", "15.103", "[Reserved]") + "<P>Loose words.</P>",
  ));
  assert.equal(sections.length, 4);
  assert.deepEqual(summary.notices, [
    "15.101 occurs twice; both are kept.",
    "15.102 has a heading and no text.",
    "1 piece of text outside of any section was left out.",
  ]);
  assert.equal(summary.words, 2);
});

Deno.test("the version date is taken from the data and never from a placeholder", () => {
  const dated = (path: string) =>
    `<DIV8 N="15.1" TYPE="SECTION" hierarchy_metadata='{"path":"/on/${path}/title-48/section-15.1"}'><HEAD>15.1 X.</HEAD></DIV8>`;
  assert.equal(parse(dated("2026-10-01")).summary.versionDate, "2026-10-01");
  assert.equal(parse(dated("_SUBSTITUTE_DATE_")).summary.versionDate, undefined);
  assert.equal(
    parse(`<ECFR><AMDDATE>Oct. 1, 2026\n</AMDDATE>${sectionXml("<P>x</P>")}</ECFR>`).summary
      .versionDate,
    "2026-10-01",
  );
});

Deno.test("an appendix is a section", () => {
  const { sections } = parse(
    `<DIV3 N="2" TYPE="CHAPTER"><DIV9 N="Appendix F to Chapter 2" TYPE="APPENDIX"><HEAD>Appendix F to Chapter 2—Material Inspection\n</HEAD><P>Text.</P></DIV9></DIV3>`,
  );
  assert.deepEqual([sections[0].number, sections[0].title], ["Appendix F", "Material Inspection"]);
});

Deno.test("pieces of any size give the same sections", () => {
  const xml = Deno.readTextFileSync(repositoryPath("tests", "fixtures", "mini_far.xml"));
  const whole = parse(xml);
  fc.assert(
    fc.property(fc.array(fc.nat(xml.length), { maxLength: 40 }), (cuts) => {
      assert.deepEqual(parse(xml, cuts.sort((a, b) => a - b)), whole);
    }),
    { numRuns: 40 },
  );
});

Deno.test("offsets, anchors and spans of the fixtures hold together", () => {
  for (const name of ["mini_far.xml", "mini_dfars.xml"]) {
    for (
      const one of parse(Deno.readTextFileSync(repositoryPath("tests", "fixtures", name))).sections
    ) {
      assert.equal(one.paragraphs.map((_, at) => words(one, at)).join("\n"), one.text);
      assert.equal(new Set(one.paragraphs.map((p) => p.anchor)).size, one.paragraphs.length);
      for (const p of one.paragraphs) {
        for (const span of p.spans ?? []) {
          assert.ok(span.start < span.end && span.end <= p.end - p.start);
        }
      }
    }
  }
});

/** The problem that a document is refused with. */
function refused(xml: string): Problem {
  let problem: unknown;
  try {
    parse(xml);
  } catch (error) {
    problem = error;
  }
  assert.ok(problem instanceof Problem, `not refused: ${xml.slice(0, 60)}`);
  assert.ok(problem.next.length > 10);
  assert.equal(problem.status, 422);
  return problem;
}

Deno.test("a file that is cut off says how many sections came before the cut", () => {
  const xml = chapterXml(
    sectionXml("<P>1</P>") + sectionXml("<P>2</P>", "15.102") + sectionXml("<P>3</P>", "15.103"),
  );
  const inside = refused(xml.slice(0, xml.indexOf("<P>3") + 2));
  assert.match(
    inside.message,
    /in the middle of section 15\.103\. 2 complete sections .*nothing was stored/,
  );
  assert.match(refused(xml.slice(0, -20)).message, /3 complete sections/);
});

Deno.test("what is no eCFR chapter is refused with what it is", () => {
  assert.match(refused("<!DOCTYPE html><html><body>x</body></html>").message, /HTML page/);
  assert.match(refused("%PDF-1.7 and so on").message, /not XML/);
  assert.match(refused("").message, /empty/);
  assert.match(refused("<a><b></a>").message, /line 1/);
  assert.match(refused("<catalog><book>x</book></catalog>").message, /without any/);
  assert.match(refused(chapterXml(sectionXml("<P>x</P>"), "7")).message, /chapter 7/);
  assert.match(refused(sectionXml("<P>x</P>", "1852.101")).message, /1852\.101/);
  assert.match(
    refused(
      `<R>${chapterXml(sectionXml("<P>x</P>")).slice(39)}${chapterXml("", "2").slice(39)}</R>`,
    ).message,
    /both/,
  );
  assert.match(
    refused(
      `<DIV8 N="1.1" TYPE="SECTION" hierarchy_metadata='{"path":"/on/2026-01-01/title-41/section-1.1"}'></DIV8>`,
    ).message,
    /title 41/,
  );
});
