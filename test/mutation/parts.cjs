// What is changed line by line, and the tests below test/ that should notice. Where it can be, a property over
// thousands of values is left out: each survivor would wait for all of them.
module.exports = {
  rules: {
    mutate: ["config/rules/*.ts"],
    tests: /^unit\/config\/(rules|load|psk|publicKey)/,
  },
  config: {
    mutate: ["config/**/*.ts", "!config/rules/*.ts"],
    tests: /^(unit\/config\/(?!strings)|golden\/(profiles|peers\/peers)|unit\/operate\/peer\/)/,
  },
  parse: {
    mutate: ["parse/**/*.ts"],
    tests: /^(unit\/parse\/(?!anyText)|corpus\/|unit\/operate\/import\/import)/,
  },
  status: {
    mutate: ["operate/status/*.ts"],
    tests: /^unit\/operate\/(status|anyPeer|namedPeer)/,
  },
  why: {
    mutate: ["operate/why/*.ts"],
    tests: /^(unit\/operate\/(why|anyPeer)|corpus\/)/,
  },
  serve: {
    mutate: ["operate/serve/http/*.ts"],
    tests: /^unit\/serve\/(http|listen)/,
  },
};
