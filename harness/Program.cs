using Harness.Commands;

return HarnessCommandLine.Invoke(args);
