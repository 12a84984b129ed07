using System.Runtime.InteropServices;

namespace Harness.Commands;

/// <summary>
/// Ctrl-C and termination as a cancellation; a second signal of the same kind ends the process at once. (A build that is interrupted sends
/// its own termination after the terminal's Ctrl-C, and means the same.)
/// </summary>
sealed class Interruption : IDisposable
{
    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] signals;
    readonly HashSet<PosixSignal> received = [];

    public Interruption() =>
        signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in signals)
            signal.Dispose();
        source.Dispose();
    }

    void Stop(PosixSignalContext context)
    {
        lock (received)
            context.Cancel = received.Add(context.Signal);
        source.Cancel();
    }
}
