using BenchmarkDotNet.Running;
using Harness.Benchmarks.Linear;

if (args is ["linear-share", ..])
    LinearShare.Print(args.ElementAtOrDefault(1));
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
