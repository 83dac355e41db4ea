import assert from "node:assert/strict";
import { parseCitations, parseSuffixes } from "./citations.ts";

/** "far 15.404-1(c)" for each citation found, in order. */
function cited(text: string): string[] {
  return parseCitations(text).map((citation) =>
    [
      citation.regulation,
      citation.kind === "section" ? "" : `${citation.kind} `,
      `${citation.number}${citation.paragraph}`,
      citation.alternate ?? "",
    ].filter((piece) => piece !== "").join(" ").replace("  ", " ")
  );
}

function assertCited(cases: Record<string, string[]>) {
  for (const [text, expected] of Object.entries(cases)) {
    assert.deepEqual(cited(text), expected, text);
  }
}

Deno.test("numbers are read however they are punctuated, where the words or the number leave no doubt", () => {
  assertCited({
    "far 15 404-1 c": ["far 15.404-1(c)"],
    "FAR15.404-1(c)(2)(i)": ["far 15.404-1(c)(2)(i)"],
    "DFARS 252-204-7012(c)": ["dfars 252.204-7012(c)"],
    "DFARS clause 252.204.7012": ["dfars 252.204-7012"],
    "252.204.7012": ["dfars 252.204-7012"],
    "48 CFR 9.406-2": ["far 9.406-2"],
    "48CFR 31.205-8": ["far 31.205-8"],
    "48 C.F.R. § 15.403-1": ["far 15.403-1"],
    "what does FAR 15 . 403-1 (c)(1) say": ["far 15.403-1(c)(1)"],
    "52-212-4(L)": ["far 52.212-4(l)"],
    "dfar clause 252.204.7012 para m": ["dfars 252.204-7012(m)"],
    "DFARS232.1001(d)": ["dfars 232.1001(d)"],
    "far 52 212 4": ["far 52.212-4"],
    "DFARS 252 204 7012 m": ["dfars 252.204-7012(m)"],
    "FAR 15 404 3 exceptions": ["far 15.404"],
    "FAR 15.404 -1": ["far 15.404-1"],
    "§ 15.403-1": ["far 15.403-1"],
    "sec. 9.406": ["far 9.406"],
    "Federal Acquisition Regulation (FAR) 9.406": ["far 9.406"],
    "https://www.acquisition.gov/far/15.403-4": ["far 15.403-4"],
    "FAR 15.403\u20114": ["far 15.403-4"],
    "FAR\u00a015.403\u20134": ["far 15.403-4"],
    "is 52.299-99 a clause?": ["far 52.299-99"],
    "206.302-3-70": ["dfars 206.302-3-70"],
    "FAR 99.999": ["far 99.999"],
  });
});

Deno.test("parts and subparts need a word that says so", () => {
  assertCited({
    "part 19": ["far part 19"],
    "what is in Part 219?": ["dfars part 219"],
    "subpart 9.4": ["far subpart 9.4"],
    "FAR Part 15.4": ["far subpart 15.4"],
    "FAR 15": ["far part 15"],
    "FAR 9.5": ["far subpart 9.5"],
    "FAR 12 and 13": ["far part 12", "far part 13"],
    "parts 12, 13, and 15": ["far part 12", "far part 13", "far part 15"],
    "subparts 1.2,1.3, and 1.4": ["far subpart 1.2", "far subpart 1.3", "far subpart 1.4"],
    "DFARS part 15": ["dfars part 215"],
    "does Part 12 use bind?": ["far part 12"],
    "52.200-1; 13 CFR 121.201": ["far 52.200-1"],
    "15.4": [],
    "9.4 or 19": [],
    "how far 15 miles is": [],
    "the FAR 8(a) program": [],
    "part 2 of my proposal": [],
    "part 121": [],
  });
});

Deno.test("the number decides which regulation is meant where the words contradict it", () => {
  assertCited({
    "DFARS 15.403": ["dfars 215.403"],
    "DFARS 15.403 and 15.404": ["dfars 215.403", "dfars 215.404"],
    "DFARS 204.7304 and 12.301": ["dfars 204.7304", "far 12.301"],
    "FAR 252.204-7012": ["dfars 252.204-7012"],
    "DFARS 52.212-4": ["far 52.212-4"],
    "DFARS 52.204-7012": ["dfars 252.204-7012"],
    "PGI 225.7": ["pgi subpart 225.7"],
    "DFARS PGI 15.404-1": ["pgi 215.404-1"],
  });
});

Deno.test("paragraphs are read with brackets, without, in capitals and in front of the number", () => {
  assertCited({
    "15.404-1c": ["far 15.404-1(c)"],
    "15.404-1 c 2": ["far 15.404-1(c)(2)"],
    "15.404-1 a?": ["far 15.404-1(a)"],
    "does 15.404-1 a contractor bind": ["far 15.404-1"],
    "may I 15.404-1 I wonder": ["far 15.404-1"],
    "FAR 31.205-6(M)(1)(II)(a)": ["far 31.205-6(m)(1)(ii)(A)"],
    "52.212-4 paragraph (t)": ["far 52.212-4(t)"],
    "paragraph (b) of FAR 52.219-14": ["far 52.219-14(b)"],
    "15.403-1 ( c ) (1)": ["far 15.403-1(c)(1)"],
    "52.212-4 (DEC 2022)": ["far 52.212-4"],
    "9.104 (as amended)": ["far 9.104"],
  });
});

Deno.test("lists give each member and ranges their two ends", () => {
  assertCited({
    "15.403-1(b)(1) through (b)(5)": ["far 15.403-1(b)(1)", "far 15.403-1(b)(5)"],
    "15.403-1(b)(1) through (5)": ["far 15.403-1(b)(1)", "far 15.403-1(b)(5)"],
    "15.403-1(B)(1)-(5)": ["far 15.403-1(b)(1)", "far 15.403-1(b)(5)"],
    "16.505(b)(1) or (2), and (c)": ["far 16.505(b)(1)", "far 16.505(b)(2)", "far 16.505(c)"],
    "9.406-2 and 9.407-2": ["far 9.406-2", "far 9.407-2"],
    "9.406-9.407": ["far 9.406", "far 9.407"],
    "52.219-8/52.219-9": ["far 52.219-8", "far 52.219-9"],
    "52.219-8/9": ["far 52.219-8", "far 52.219-9"],
    "252.204-7008, -7009, and -7012": [
      "dfars 252.204-7008",
      "dfars 252.204-7009",
      "dfars 252.204-7012",
    ],
    "DFARS 252.204-7012, 7019/7020 and 7021?": [
      "dfars 252.204-7012",
      "dfars 252.204-7019",
      "dfars 252.204-7020",
      "dfars 252.204-7021",
    ],
    "252.204-7012 to 7,000 firms": ["dfars 252.204-7012"],
    "12.301(b)(3), 12.302 and FAR 52.212-4 (c).": [
      "far 12.301(b)(3)",
      "far 12.302",
      "far 52.212-4(c)",
    ],
  });
});

Deno.test("alternates are read behind and in front of the number", () => {
  assertCited({
    "52.212-4 alt I": ["far 52.212-4 Alternate I"],
    "far 52.212-4(c) alt 1": ["far 52.212-4(c) Alternate I"],
    "52.219-9 (JUN 2020) ALT II": ["far 52.219-9 Alternate II"],
    "52.219-9 with its Alternate III": ["far 52.219-9 Alternate III"],
    "Alternate II to 52.219-9": ["far 52.219-9 Alternate II"],
    "52.219-9 alternative": ["far 52.219-9"],
  });
});

Deno.test("laws, other regulations, documents, money, dates and quantities are no citations", () => {
  for (
    const text of [
      "41 U.S.C. 3306",
      "10 U.S.C. 3453",
      "10 USC 3453(a)(1)",
      "$7.5 million",
      "$15.403",
      "13 CFR 121.201",
      "13 CFR part 19",
      "2 CFR 200.414",
      "29 CFR 5.5(a)",
      "29 CFR 4.170 and 4.171",
      "26 CFR 1.5000C-1",
      "41 CFR 102-36.305",
      "48 CFR 9903.201-1",
      "Treas. Reg. § 1.482-1",
      "Pub. L. 117-58",
      "E.O. 13495",
      "SP 800-171",
      "NIST 800-171",
      "ISO 9001",
      "Form 1449",
      "SF 1408",
      "DD Form 254",
      "NAICS 541.330",
      "NAICS 23.611",
      "5.5%",
      "15.403%",
      "3.101 kg",
      "12.5 hours",
      "10.5 million",
      "1.125 percent",
      "a factor of 1.125",
      "v2.101",
      "version 2.101",
      "2026-11-24",
      "11/24/2026",
      "11.24.2026",
      "192.168.1.1",
      "52.212.4.10",
      "(555) 212-4000",
      "call 252-204-7012",
      "1-252-204-7012",
      "N00024-15-C-2101",
      "12,500.125",
      "1,252.204",
      "10.6028/NIST.SP.800-171",
      "GSAR 552.212-4",
      "NFS 1852.215-84",
      "AFFARS 5315.4",
      "AFARS 15.403",
      "VAAR 852.219-10",
      "DEAR 952.204-2",
      "sections 10.101 and 10.102 of the U.S. Customs regulations",
      "",
    ]
  ) {
    assert.deepEqual(cited(text), [], text);
  }
});

Deno.test("clauses called by their last four digits are found beside the words that name them", () => {
  const suffixes = (text: string) => parseSuffixes(text).map((found) => found.suffix);
  assert.deepEqual(suffixes("DFARS 7012 and 7021"), ["7012", "7021"]);
  assert.deepEqual(suffixes("dfars clause 7019/7020, -7021"), ["7019", "7020", "7021"]);
  assert.deepEqual(suffixes("are we 7012 compliant? the -7012 clause"), ["7012", "7012"]);
  assert.deepEqual(suffixes("clause 7012"), ["7012"]);
  for (
    const none of [
      "DFARS 252.204-7012",
      "252.204-7012 clause",
      "$7012 clause",
      "7012 employees",
      "clause 52.212-4",
      "call 555-7012",
    ]
  ) assert.deepEqual(suffixes(none), [], none);
  const text = "is \u00a0DFARS\u00a07012 in?";
  assert.deepEqual(parseSuffixes(text), [{ suffix: "7012", start: 10, end: 14 }]);
});

Deno.test("offsets are those of the text as typed, with its odd spaces and dashes", () => {
  const text = "Ü see\u00a0FAR\u202f15.403\u20111(c)(1), 9.406\u20132 alt I?";
  assert.deepEqual(
    parseCitations(text).map((citation) => text.slice(citation.start, citation.end)),
    ["FAR\u202f15.403\u20111(c)(1)", "9.406\u20132 alt I"],
  );
});
