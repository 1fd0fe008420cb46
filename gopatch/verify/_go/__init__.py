"""What the judge `go` is made of: toolchain, workspace, findings, cases, harness."""
