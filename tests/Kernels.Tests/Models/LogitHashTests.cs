using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;

namespace Kernels.Tests.Models;

/// <summary>Committed hashes of logits: they move only together with NumericsVersion.</summary>
public class LogitHashTests
{
    const string Model = "synthetic:llama?d=192&layers=3&heads=6&kv=2&ffn=448&vocab=512&context=512&seed=7";

    [TestCase(Precision.F32, "e2951edf8f1c63be")]
    [TestCase(Precision.W8A8, "b6502d13ff1b0aa8")]
    public void Logits_have_the_committed_hash_at_every_split_thread_count_and_instruction_set(Precision precision, string expected)
    {
        using Checkpoint checkpoint = ModelFiles.Open(Model);
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            foreach ((int threads, int piece) in new[] { (1, 1), (2, 3), (1, 17), (2, 64) })
                Assert.That(
                    Hash(checkpoint, precision, set, threads, piece), Is.EqualTo(expected), $"{set}, {threads} threads, pieces of {piece}");
        }
    }

    static string Hash(Checkpoint checkpoint, Precision precision, InstructionSet set, int threads, int piece)
    {
        using CpuLanguageModel model =
            CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = threads, Isa = set.ToString(), Batch = 64 });
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] text = [.. Enumerable.Range(0, 200).Select(i => (i * 89) % 512)];
        model.Evaluate(text, (_, logits) => hash.AppendData(MemoryMarshal.AsBytes(logits)), piece);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
