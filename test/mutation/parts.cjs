// What is changed line by line, and the tests that should notice: their folders below test/, and their names.
module.exports = {
  status: {
    mutate: ["operate/status/assess.ts"],
    folders: ["unit/operate"],
    tests: ["status[AOT]*"],
  },
  serve: {
    mutate: ["operate/serve/http/{access,guard}.ts"],
    folders: ["unit/serve"],
    tests: ["http"],
  },
  parse: {
    mutate: ["parse/{ikectl,ipsecctlVerbose}.ts"],
    folders: ["unit/parse"],
    tests: ["*"],
  },
  config: {
    mutate: ["config/{draft,net}.ts"],
    folders: ["unit/config"],
    tests: ["load", "net", "rules"],
  },
  why: {
    mutate: ["operate/why/{diagnose,history}.ts"],
    folders: ["unit/operate", "corpus"],
    tests: ["why*", "corpus"],
  },
};
