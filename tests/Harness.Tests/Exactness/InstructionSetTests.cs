using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Tests.Shared;

namespace Harness.Tests.Exactness;

/// <summary>
/// Tokens and log-probabilities of whole processes, with parts of the processor switched off. The hashes are committed: they move only
/// together with NumericsVersion.
/// </summary>
public class InstructionSetTests
{
    static readonly (string Name, string Value)[][] Processors =
    [
        [],
        [("DOTNET_EnableAVX512", "0")],
        [("DOTNET_EnableAVX2", "0")],
        [("DOTNET_EnableHWIntrinsic", "0")],
        [("HARNESS_ISA", "portable")],
    ];

    [TestCase("f32", "80292275146747e1")]
    [TestCase("w8a8", "9343d77ea3bbd50b")]
    public void The_embedded_model_gives_the_committed_tokens_on_every_processor(string precision, string expected)
    {
        string model = Path.Combine(Repository.Root, "results", "base-model", "model");
        string[] arguments =
        [
            "generate", model, "--prompt", "sum 17 - 36 - 15 + 13 + 31 = think", "-n", "20", "--temperature", "1.3",
            "--precision", precision, "--json",
        ];
        foreach ((string Name, string Value)[] processor in Processors)
            Assert.That(Hash(Generate(arguments, processor)), Is.EqualTo(expected), string.Join(' ', processor));
    }

    [Test]
    public void A_real_model_gives_the_committed_tokens_on_every_processor()
    {
        string model = Repository.Data("models/SmolLM2-135M-Instruct.Q4_1.gguf");
        string[] arguments =
        [
            "generate", model, "--prompt", "Three primes:", "-n", "3", "--max-tokens", "12", "--top-p", "0.9",
            "--precision", "w8a8", "--json",
        ];
        foreach ((string Name, string Value)[] processor in Processors[..3])
            Assert.That(Hash(Generate(arguments, processor)), Is.EqualTo("46bb66d25aa136b5"), string.Join(' ', processor));
    }

    static string Generate(string[] arguments, (string Name, string Value)[] processor)
    {
        HarnessProcess run = HarnessProcess.Run(arguments, processor);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return run.Output;
    }

    /// <summary>Of what was generated, whatever the style of the JSON: a line for each sample.</summary>
    static string Hash(string json)
    {
        IEnumerable<string> lines =
            from sample in JsonDocument.Parse(json).RootElement.EnumerateArray()
            let tokens = string.Join(' ', sample.GetProperty("tokens").EnumerateArray())
            let logProbabilities = string.Join(' ', sample.GetProperty("logprobs").EnumerateArray())
            select $"{sample.GetProperty("sample")}|{tokens}|{logProbabilities}|{sample.GetProperty("finish")}\n";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))))[..16];
    }
}
