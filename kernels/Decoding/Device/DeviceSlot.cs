namespace Harness.Kernels.Decoding.Device;

/// <summary>A sample in flight on a device: its place there, and the host's side of it.</summary>
sealed class DeviceSlot(int index, DecodingSlot host)
{
    public int Index => index;

    public DecodingSlot Host => host;

    public PromptState Prompt => host.Prompt!;

    /// <summary>Counts the samples that have been in this slot: what was drawn for an earlier one is not this one's.</summary>
    public int Tenant { get; private set; }

    /// <summary>Tokens that the device has been told to draw.</summary>
    public int Scheduled { get; set; }

    /// <summary>Whether a segment that brings its first token has been started.</summary>
    public bool Announced { get; set; }

    public void Start(PromptState prompt, int sample, AnswerEnd end)
    {
        Tenant++;
        Scheduled = 0;
        Announced = false;
        host.Start(prompt, sample, end);
    }

    public void End()
    {
        Tenant++;
        host.End();
    }
}
