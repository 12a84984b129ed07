using BenchmarkDotNet.Running;
using Harness.Benchmarks.Decoding;
using Harness.Benchmarks.Linear;

if (args is ["linear-share", ..])
    LinearShare.Print(args.ElementAtOrDefault(1));
else if (args is ["host-share"])
    HostShare.Print();
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
