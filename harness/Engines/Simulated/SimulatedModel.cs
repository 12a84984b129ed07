using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.Configuration;

namespace Harness.Engines.Simulated;

/// <summary>A simulated model: its name is all that it is.</summary>
sealed class SimulatedModel(string name) : IEngineModel
{
    const int DefaultBatch = 64;

    readonly SimulatedSettings settings = SimulatedSettings.Parse(name);

    public string ContentHash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    public int? ContextLength => null;
    public IModelText Text { get; } = new SimulatedText();
    public ModelConfig? Shape => null;

    public IModelGenerator CreateGenerator(Precision precision, Placement placement) =>
        new SimulatedGenerator(settings) { Batch = placement.Batch > 0 ? placement.Batch : DefaultBatch };

    public void Dispose()
    {
    }
}
