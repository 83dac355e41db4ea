/** eCFR XML to sections: the door of the parser. */
export { EcfrParser, type EcfrSummary } from "./ecfr_parser.ts";
