using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>Small kernels, written here as PTX, for tests of single instructions and of what the interpreter finds.</summary>
static class PtxSnippet
{
    const string Head = ".version 7.5\n.target sm_80\n.address_size 64\n";

    /// <summary>A module with one entry "run", whose parameters are the pointers in, out and other.</summary>
    public static string Module(string body, string outside = "") => $$"""
        {{Head}}{{outside}}
        .visible .entry run(
            .param .align 8 .b8 run_param_0[24]
        )
        .maxntid 1024, 1, 1
        {
            .reg .pred %p<16>;
            .reg .b16 %h<32>;
            .reg .b32 %r<64>;
            .reg .f32 %f<32>;
            .reg .b64 %d<64>;
            ld.param.u64 %d60, [run_param_0];
            ld.param.u64 %d61, [run_param_0+8];
            ld.param.u64 %d62, [run_param_0+16];
            cvta.to.global.u64 %d60, %d60;
            cvta.to.global.u64 %d61, %d61;
            cvta.to.global.u64 %d62, %d62;
            mov.u32 %r60, %tid.x;
        {{body}}
            ret;
        }
        """;

    public static InterpretedDevice Device(string body, string outside = "", InterpreterOptions? options = null)
    {
        string text = Module(body, outside);
        return new InterpretedDevice(_ => text, options: options);
    }

    /// <summary>Runs the body once a thread; what it left in "out".</summary>
    public static TOut[] Run<TIn, TOut>(
        string body, TIn[] input, int outputs, LaunchShape shape, string outside = "", InterpreterOptions? options = null)
        where TIn : unmanaged where TOut : unmanaged
    {
        using InterpretedDevice device = Device(body, outside, options);
        using var arrays = new DeviceArrays(device);
        DevicePointer to = arrays.Output<TOut>(outputs);
        device.Launch(new KernelName("Snippet", "run"), shape, new Pointers(arrays.Upload(input), to, arrays.Upload(new int[64])));
        return arrays.Download<TOut>(to, outputs);
    }

    /// <summary>One instruction over three 32-bit or 64-bit sources, in %r1 to %r3 and %d1 to %d3; the result is in %r0 or %d0.</summary>
    public static ulong[] Apply(string instruction, IReadOnlyList<(ulong A, ulong B, ulong C)> sources)
    {
        ulong[] input = [.. sources.SelectMany(s => new[] { s.A, s.B, s.C })];
        bool wide = instruction.Contains("%d0", StringComparison.Ordinal);
        string body = $$"""
                mul.wide.u32 %d59, %r60, 24;
                add.u64 %d58, %d60, %d59;
                mov.u32 %r50, %ctaid.x;
                mad.wide.u32 %d58, %r50, 768, %d58;
                ld.global.u64 %d1, [%d58];
                ld.global.u64 %d2, [%d58+8];
                ld.global.u64 %d3, [%d58+16];
                cvt.u32.u64 %r1, %d1;
                cvt.u32.u64 %r2, %d2;
                cvt.u32.u64 %r3, %d3;
                cvt.u16.u64 %h1, %d1;
                cvt.u16.u64 %h2, %d2;
                cvt.u16.u64 %h3, %d3;
                mov.u32 %r0, 0;
                mov.u64 %d0, 0;
                {{instruction}}
                {{(wide ? "" : "cvt.u64.u32 %d0, %r0;")}}
                mad.lo.u32 %r51, %r50, 32, %r60;
                mul.wide.u32 %d57, %r51, 8;
                add.u64 %d57, %d61, %d57;
                st.global.u64 [%d57], %d0;
            """;
        int blocks = (sources.Count + 31) / 32;
        ulong[] padded = [.. input, .. new ulong[(blocks * 96) - input.Length].Select(_ => 1ul)];
        return Run<ulong, ulong>(body, padded, blocks * 32, new LaunchShape(blocks, 32))[..sources.Count];
    }

    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Pointers(DevicePointer Input, DevicePointer Output, DevicePointer Other);
}
