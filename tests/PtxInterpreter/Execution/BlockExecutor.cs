using System.Runtime.InteropServices;
using PtxInterpreter.Memory;

namespace PtxInterpreter.Execution;

/// <summary>Runs blocks of a launch, one after the other: the warps of a block take turns, each up to its next barrier.</summary>
sealed unsafe class BlockExecutor : IDisposable
{
    const int Turn = 1 << 16;
    readonly LaunchWork work;
    readonly Warp[] warps;
    readonly uint[] intervalStarts;
    long blockNumber;
    (int X, int Y, int Z) place;

    public BlockExecutor(LaunchWork work)
    {
        this.work = work;
        DecodedKernel kernel = work.Kernel;
        Counts = new InstructionCounts(work.Options.CountTraffic);
        warps = new Warp[(work.Shape.Threads + Warp.Lanes - 1) / Warp.Lanes];
        intervalStarts = new uint[warps.Length];
        Parameters = (byte*)NativeMemory.AllocZeroed((nuint)kernel.ParameterBytes + 16);
        work.Parameters.CopyTo(new Span<byte>(Parameters, kernel.ParameterBytes));
        Shared = new SharedMemory(kernel, work.Shape.SharedBytes);
        Races = new RaceDetector(this);
        Spaces = new AddressSpaces(this, kernel);
        for (int i = 0; i < warps.Length; i++)
            warps[i] = new Warp(this, kernel, i);
    }

    public InstructionCounts Counts { get; }

    public SharedMemory Shared { get; }

    public RaceDetector Races { get; }

    public AddressSpaces Spaces { get; }

    public byte* Parameters { get; }

    public DeviceMemory Memory => work.Memory;

    public BlockOrder Order => work.Order;

    /// <summary>Each warp's time at the start of this interval.</summary>
    public uint[] IntervalStarts => [.. intervalStarts];

    public InterpreterOptions Options => work.Options;

    /// <summary>Number of the stretch between two barriers of the block.</summary>
    public uint Interval { get; private set; }

    /// <summary>A warp's time at the start of this interval.</summary>
    public uint IntervalStart(int warp) => intervalStarts[warp];

    public void Run(long block)
    {
        Start(block);
        while (true)
        {
            int done = 0, waiting = 0;
            foreach (Warp warp in warps)
            {
                if (warp.State == WarpState.Ready && !work.Spend(warp.Run(Turn)))
                    throw Fault(FaultKind.EndlessLoop, warp, 0, $"the launch's {work.Options.MostInstructions:N0} instructions are spent");
                done += warp.State == WarpState.Done ? 1 : 0;
                waiting += warp.State == WarpState.AtBarrier ? 1 : 0;
            }
            if (done == warps.Length)
                return;
            if (done + waiting == warps.Length)
                PassBarrier();
        }
    }

    public KernelFaultException Fault(FaultKind kind, Warp warp, int lane, string message)
    {
        int thread = (warp.Index * Warp.Lanes) + lane;
        int line = warp.Current.Line;
        string where = $"{work.Name}, {work.Kernel.Entry.Module}.ptx({line}), block ({place.X},{place.Y},{place.Z}), thread {thread}";
        return new KernelFaultException(kind, $"{where}: {message}", line, blockNumber);
    }

    public void Dispose()
    {
        foreach (Warp warp in warps)
            warp.Dispose();
        Shared.Dispose();
        NativeMemory.Free(Parameters);
    }

    void Start(long block)
    {
        blockNumber = block;
        place = ((int)(block % work.Shape.GridX), (int)(block / work.Shape.GridX % work.Shape.GridY), (int)(
            block / work.Shape.GridX / work.Shape.GridY));
        Races.StartBlock(work.Number, block);
        Interval = 1;
        for (int i = 0; i < warps.Length; i++)
        {
            int lanes = Math.Min(Warp.Lanes, work.Shape.Threads - (i * Warp.Lanes));
            warps[i].Start(lanes == Warp.Lanes ? uint.MaxValue : (1u << lanes) - 1);
            Preset(warps[i]);
            intervalStarts[i] = warps[i].Time;
        }
    }

    /// <summary>Constants and special registers.</summary>
    void Preset(Warp warp)
    {
        foreach (Constant constant in work.Kernel.Constants)
        {
            if (constant.Bytes == 8)
                new Span<ulong>(warp.Registers + constant.Register, Warp.Lanes).Fill(constant.Value);
            else
                new Span<uint>(warp.Registers + constant.Register, constant.Bytes == 0 ? 1 : Warp.Lanes).Fill((uint)constant.Value);
        }
        foreach ((string name, int register) in work.Kernel.SpecialRegisters)
        {
            for (int lane = 0; lane < Warp.Lanes; lane++)
                warp.Lane32(register, lane) = Special(name, warp.Index, lane);
        }
    }

    uint Special(string name, int warp, int lane) => name switch
    {
        "%tid.x" => (uint)((warp * Warp.Lanes) + lane),
        "%ntid.x" => (uint)work.Shape.Threads,
        "%ctaid.x" => (uint)place.X,
        "%ctaid.y" => (uint)place.Y,
        "%ctaid.z" => (uint)place.Z,
        "%nctaid.x" => (uint)work.Shape.GridX,
        "%nctaid.y" => (uint)work.Shape.GridY,
        "%nctaid.z" => (uint)work.Shape.GridZ,
        "%laneid" => (uint)lane,
        "%warpid" => (uint)warp,
        "%nwarpid" => (uint)warps.Length,
        "%lanemask_eq" => 1u << lane,
        "%lanemask_lt" => (1u << lane) - 1,
        "%lanemask_le" => uint.MaxValue >> (31 - lane),
        "%lanemask_ge" => uint.MaxValue << lane,
        "%lanemask_gt" => (uint)(0xFFFFFFFEul << lane),
        "%ntid.y" or "%ntid.z" => 1,
        _ => 0,
    };

    void PassBarrier()
    {
        Warp first = Array.Find(warps, w => w.State == WarpState.AtBarrier)!;
        foreach (Warp warp in warps)
        {
            if (warp.State != WarpState.AtBarrier || warp.Current == first.Current)
                continue;
            string other = $"thread {first.Index * Warp.Lanes} waits at that of line {first.Current.Line}";
            throw Fault(FaultKind.DivergentBarrier, warp, 0, $"waits at a barrier while {other}");
        }
        Interval++;
        for (int i = 0; i < warps.Length; i++)
        {
            if (warps[i].State == WarpState.AtBarrier)
                warps[i].PassBarrier();
            intervalStarts[i] = warps[i].Time;
        }
    }
}
