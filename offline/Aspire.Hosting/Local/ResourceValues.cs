using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Turns what the model says about a resource into the text that its process gets.</summary>
internal static class ResourceValues
{
    public static async Task<IReadOnlyDictionary<string, string?>> EnvironmentAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(resource, []);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            annotation.Callback(context);
        }

        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            values[name] = await TextAsync(resource, replica, value, cancellationToken).ConfigureAwait(false);
        }

        return values;
    }

    public static async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([]);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            annotation.Callback(context);
        }

        var values = new List<string>();
        foreach (var argument in context.Args)
        {
            values.Add(await TextAsync(resource, replica, argument, cancellationToken).ConfigureAwait(false) ?? "");
        }

        return values;
    }

    private static async ValueTask<string?> TextAsync(IResource resource, int replica, object value, CancellationToken cancellationToken) => value switch
    {
        IValueProvider provider => await provider.GetValueAsync(new ValueProviderContext { Caller = resource, Replica = replica }, cancellationToken).ConfigureAwait(false),
        _ => value.ToString(),
    };
}
