using BenchmarkDotNet.Running;
using Harness.Benchmarks.Decoding;
using Harness.Benchmarks.Estimates;
using Harness.Benchmarks.Laws;
using Harness.Benchmarks.Linear;
using Harness.Benchmarks.Training;

if (args is ["linear-share", ..])
    LinearShare.Print(args.ElementAtOrDefault(1));
else if (args is ["host-share"])
    HostShare.Print();
else if (args is ["--once", "estimators"])
    EstimatorTimes.Print();
else if (args is ["--once", "laws"])
    LawTimes.Print();
else if (args is ["--once", "training", ..])
    TrainingTimes.Print(args.ElementAtOrDefault(2) ?? "cpu");
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
