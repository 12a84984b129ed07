using Harness.Kernels.Driver;
using PtxInterpreter.Memory;

namespace PtxInterpreter.Execution;

/// <summary>One launch: what all its blocks share.</summary>
sealed class LaunchWork(
    KernelName name,
    LaunchShape shape,
    DecodedKernel kernel,
    byte[] parameters,
    DeviceMemory memory,
    InterpreterOptions options,
    ulong number)
{
    readonly long[] instructions = new long[Math.Max(options.Multiprocessors, 1)];
    readonly long[] bytes = new long[Math.Max(options.Multiprocessors, 1)];
    long spent;

    public KernelName Name => name;

    public LaunchShape Shape => shape;

    public DecodedKernel Kernel => kernel;

    public byte[] Parameters => parameters;

    public DeviceMemory Memory => memory;

    public InterpreterOptions Options => options;

    /// <summary>Tells the launch from others in the shadows of memory.</summary>
    public ulong Number => number;

    /// <summary>What orders its blocks.</summary>
    public BlockOrder Order { get; } = new();

    public long Blocks => (long)shape.GridX * shape.GridY * shape.GridZ;

    /// <summary>Takes instructions from the launch's budget.</summary>
    public bool Spend(long instructions) => Interlocked.Add(ref spent, instructions) <= options.MostInstructions;

    /// <summary>Runs all blocks. Of several that fault, the first's fault is thrown.</summary>
    public LaunchStatistics Run()
    {
        int workers = (int)Math.Min(Math.Max(options.Workers, 1), Blocks);
        var counts = new InstructionCounts[workers];
        var faults = new KernelFaultException?[workers];
        long next = -1;
        bool stop = false;
        void Work(int worker)
        {
            using var executor = new BlockExecutor(this);
            counts[worker] = executor.Counts;
            try
            {
                for (long block; !Volatile.Read(ref stop) && (block = Interlocked.Increment(ref next)) < Blocks;)
                    RunOne(executor, block);
            }
            catch (KernelFaultException fault)
            {
                faults[worker] = fault;
                Volatile.Write(ref stop, true);
            }
        }
        if (workers == 1)
            Work(0);
        else
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, Work);
        if (faults.Where(f => f is not null).MinBy(f => f!.Block) is { } first)
            throw first;
        return InstructionCounts.Sum(
            name, shape, [.. counts.Where(c => c is not null)], new MultiprocessorWork(instructions.Max(), bytes.Max()));
    }

    /// <summary>Counts a block to the multiprocessor that would have it if they were dealt out in turn.</summary>
    void RunOne(BlockExecutor executor, long block)
    {
        (long instructionsBefore, long bytesBefore) = (executor.Counts.WarpInstructions, executor.Counts.GlobalBytes);
        executor.Run(block);
        int multiprocessor = (int)(block % instructions.Length);
        Interlocked.Add(ref instructions[multiprocessor], executor.Counts.WarpInstructions - instructionsBefore);
        Interlocked.Add(ref bytes[multiprocessor], executor.Counts.GlobalBytes - bytesBefore);
    }
}
