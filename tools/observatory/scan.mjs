// Grade one page: the scanner knows ports 443 and 80 only, so what it dials there is led to ours.
import http from "node:http"
import https from "node:https"
import net from "node:net"
import { syncBuiltinESMExports } from "node:module"
import tls from "node:tls"

const [secure, plain] = process.argv.slice(2).map(Number)
const dialTls = tls.connect
tls.connect = (options, ...rest) => dialTls({ ...options, port: secure }, ...rest)
http.Agent.prototype.createConnection = (options, ...rest) => net.connect({ ...options, port: plain }, ...rest)
syncBuiltinESMExports()

const { scan } = await import("@mdn/mdn-http-observatory/src/scanner/index.js")
const { CspEvaluator } = await import("csp_evaluator/dist/evaluator.js")
const { CspParser } = await import("csp_evaluator/dist/parser.js")

const headers = await new Promise((resolve, reject) => {
  https.get("https://localhost/", (answer) => { answer.resume(); resolve(answer.headers) }).on("error", reject)
})
const graded = await scan("localhost")
const policy = new CspParser(headers["content-security-policy"] ?? "").csp
const findings = new CspEvaluator(policy).evaluate()
  .map(({ directive, value, severity, description }) => ({ directive, value, severity, description }))
const failed = Object.entries(graded.tests).filter(([, test]) => !test.pass).map(([name, test]) => `${name}: ${test.result}`)
console.log(JSON.stringify({ ...graded.scan, failed, findings, status: graded.scan.statusCode }))
