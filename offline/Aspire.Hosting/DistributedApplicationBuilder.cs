using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Local.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Collects the resources of an application and what is said about them.</summary>
public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }

    string AppHostDirectory { get; }

    Assembly? AppHostAssembly { get; }

    IHostEnvironment Environment { get; }

    IServiceCollection Services { get; }

    DistributedApplicationExecutionContext ExecutionContext { get; }

    IResourceCollection Resources { get; }

    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    DistributedApplication Build();
}

/// <summary>How an application is created.</summary>
public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    public string? AssemblyName { get; set; }

    public bool DisableDashboard { get; set; }

    public bool EnableResourceLogging { get; set; }
}

/// <summary>The builder behind <see cref="DistributedApplication.CreateBuilder(string[])"/>.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly AppHostTest? _test = AppHostTest.Current;
    private DashboardResource? _dashboard;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var args = _test?.Args ?? options.Args ?? [];
        AppHostAssembly = _test?.Assembly ?? Assembly.GetEntryAssembly();
        var directory = AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "AppHostProjectPath")?.Value;
        AppHostDirectory = directory ?? Directory.GetCurrentDirectory();

        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            ApplicationName = AppHostAssembly?.GetName().Name,
            ContentRootPath = AppHostDirectory,
            EnvironmentName = _test is null ? null : Environments.Development,
        });
        ExecutionContext = new DistributedApplicationExecutionContext(_host.Configuration);
        UserSecrets = UserSecretsStore.Of(AppHostAssembly);
        IsTest = _test is not null;

        if (IsTest)
        {
            // A failure's message carries the last words; a test that wants all of them adds a provider of its own.
            _host.Logging.ClearProviders();
        }

        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Services.AddHttpClient();
        _host.Services.AddSingleton(ExecutionContext);
        _host.Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        _host.Services.AddSingleton<ResourceNotificationService>();
        _host.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LocalOrchestrator>(provider, LocalHostOptions.From(this, _dashboard)));
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    internal UserSecretsStore UserSecrets { get; }

    internal bool IsTest { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _test?.AwaitBuild(this);
        _dashboard = DashboardResource.AddTo(this);
        var application = new DistributedApplication(_host.Build(), _test);
        _test?.Built(application);
        return application;
    }
}
